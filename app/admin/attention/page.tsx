import type { Metadata } from "next";
import Link from "next/link";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { Moment } from "@/components/moment";
import { PageHeading } from "@/components/page-heading";
import { StatusLight } from "@/components/status-light";
import { type FindingView, listFindings } from "@/lib/findings/list-findings";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { ResolveForm } from "./_components/resolve-form";

export const metadata: Metadata = { title: "Needs attention" };

const resolvedShownMax = 20;

export default async function AttentionPage() {
  const actor = await requireStaffActor();
  const [{ timeZone }, open, resolved] = await Promise.all([
    getStoreSettings(),
    listFindings({ actor, state: "open" }),
    listFindings({ actor, state: "resolved", limit: resolvedShownMax }),
  ]);

  return (
    <>
      <PageHeading title="Needs attention" />
      {open.length === 0 ? (
        <Empty title="Nothing needs your attention.">
          The store compares itself with Stripe every ten minutes and drives on what got stuck. What it cannot mend by
          itself is shown here and sent to staff.
        </Empty>
      ) : (
        <ul className="divide-y divide-line border-y border-line-strong">
          {open.map((finding) => (
            <li
              key={finding.id}
              data-finding={finding.kind}
              className="flex flex-wrap items-start gap-x-6 gap-y-3 py-4"
            >
              <span className="pt-0.5">
                <StatusLight tone="stopped" />
              </span>
              <div className="min-w-0 flex-1 basis-64">
                <p className="max-w-prose break-words">{finding.message}</p>
                <p className="mt-1 flex flex-wrap gap-x-4 text-sm text-soft">
                  <span className="figure text-xs leading-5">
                    <Moment at={finding.createdAt} timeZone={timeZone} />
                  </span>
                  <OrderLink order={finding.order} />
                </p>
              </div>
              <ResolveForm findingId={finding.id} />
            </li>
          ))}
        </ul>
      )}
      {resolved.length > 0 && (
        <section aria-label="Resolved" className="mt-10">
          <h2 className="mb-2 font-semibold">Resolved lately</h2>
          <ul className="divide-y divide-line border-y border-line text-sm">
            {resolved.map((finding) => (
              <li key={finding.id} className="py-3">
                <p className="max-w-prose break-words text-soft">{finding.message}</p>
                <p className="mt-1 flex max-w-prose flex-wrap gap-x-4">
                  <span className="figure text-xs leading-5 text-soft">
                    {finding.resolvedAt && <Moment at={finding.resolvedAt} timeZone={timeZone} />}
                  </span>
                  <span className="min-w-0 break-words">{finding.note}</span>
                  <OrderLink order={finding.order} />
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function OrderLink({ order }: { order: FindingView["order"] }) {
  if (!order) return null;
  return (
    <Link href={routes.adminOrder(order.id)} className="link">
      Order #{order.number}
    </Link>
  );
}
