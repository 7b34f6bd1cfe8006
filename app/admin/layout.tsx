import type { Metadata } from "next";
import Link from "next/link";
import { requireStaffActor } from "@/app/_server/session";
import { signOutAction } from "@/app/sign-in/actions";
import { Wordmark } from "@/components/wordmark";
import { countFindings } from "@/lib/findings/count-findings";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { AdminNav } from "./_components/admin-nav";

export const metadata: Metadata = { title: { default: "Admin", template: "%s · Admin" }, robots: { index: false } };

export default async function AdminLayout({ children }: { children: React.ReactNode }) {
  const actor = await requireStaffActor();
  const [{ name }, attentionCount] = await Promise.all([getStoreSettings(), countFindings({ actor })]);
  return (
    <div className="flex flex-1 flex-col md:flex-row">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b-2 border-ink px-4 py-3 md:sticky md:top-0 md:h-dvh md:w-52 md:shrink-0 md:flex-col md:items-stretch md:border-r md:border-b-0 md:border-line-strong md:px-5 md:py-6">
        <Link href={routes.admin()} className="md:mb-6">
          <Wordmark name={name} />
        </Link>
        <AdminNav attentionCount={attentionCount} />
        <div className="ml-auto text-sm md:mt-auto md:ml-0">
          <p className="hidden truncate text-soft md:block" title={actor.email}>
            {actor.email}
          </p>
          <form action={signOutAction}>
            <button type="submit" className="link cursor-pointer">
              Sign out
            </button>
          </form>
          <Link href={routes.home()} className="link mt-1 hidden md:inline-block">
            To the store
          </Link>
        </div>
      </header>
      <main id="content" className="min-w-0 flex-1 px-4 py-5 md:px-8 md:py-6">
        {children}
      </main>
    </div>
  );
}
