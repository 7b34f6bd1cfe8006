"use client";

import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { routes } from "@/lib/routes";

const places = [
  { href: routes.adminOrders(), text: "Orders" },
  { href: routes.adminAttention(), text: "Attention" },
  { href: routes.adminRuns(), text: "Runs" },
  { href: routes.adminEvents(), text: "Events" },
  { href: routes.adminImports(), text: "Imports" },
  { href: routes.adminReports(), text: "Reports" },
];

/** `attentionCount`: how much waits for a person; nothing is shown where nothing does. */
export function AdminNav({ attentionCount }: { attentionCount: number }) {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Admin"
      className="order-last flex w-full flex-wrap gap-1 text-sm font-medium md:order-none md:flex-col"
    >
      {places.map(({ href, text }) => (
        <Link
          key={href}
          href={href}
          aria-current={pathname.startsWith(href) ? "page" : undefined}
          className="px-2 py-1 whitespace-nowrap hover:text-signal aria-[current=page]:bg-plate aria-[current=page]:shadow-[inset_0_-2px_0_var(--signal)] md:-mx-2 md:aria-[current=page]:shadow-[inset_3px_0_0_var(--signal)]"
        >
          <Place text={text} />
          {href === routes.adminAttention() && attentionCount > 0 && (
            <span className="figure ml-1.5 inline-block bg-alarm px-1.5 text-xs text-paper">
              {attentionCount}
              <span className="sr-only"> open</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** Fades while its page is on its way: the pages themselves stand only once they are whole, for browsers without scripts. */
function Place({ text }: { text: string }) {
  const { pending } = useLinkStatus();
  return <span className={pending ? "opacity-60" : undefined}>{text}</span>;
}
