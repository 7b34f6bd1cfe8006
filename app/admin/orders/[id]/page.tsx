import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { orNotFound } from "@/app/_server/or-not-found";
import { requireStaffActor } from "@/app/_server/session";
import { Moment } from "@/components/moment";
import { Notice } from "@/components/notice";
import { OrderLines } from "@/components/order-lines";
import { orderWords } from "@/components/order-words";
import { PageHeading } from "@/components/page-heading";
import { PostalAddress } from "@/components/postal-address";
import { Price } from "@/components/price";
import { Status } from "@/components/status-light";
import { idSchema } from "@/lib/ids";
import { getOrderForStaff, type StaffOrderView } from "@/lib/orders/get-order-for-staff";
import { routes } from "@/lib/routes";
import { RunsUnavailableError } from "@/lib/runs/errors";
import { listRuns } from "@/lib/runs/list-runs";
import { orderRunTag } from "@/lib/runs/tags";
import { getStoreSettings } from "@/lib/store-settings";
import { Disputes } from "./_components/disputes";
import { OrderActions } from "./_components/order-actions";
import { OrderRuns } from "./_components/order-runs";
import { Refunds } from "./_components/refunds";
import { Returns } from "./_components/returns";
import { ReviewPanel } from "./_components/review-panel";
import { Columns, Section } from "./_components/section";

export const metadata: Metadata = { title: "Order" };

const OrderIdInput = idSchema("order");

export default async function AdminOrderPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireStaffActor();
  const id = OrderIdInput.safeParse((await params).id).data ?? notFound();
  const tag = orderRunTag(id);
  const [{ timeZone }, order, runs] = await Promise.all([
    getStoreSettings(),
    orNotFound(getOrderForStaff({ actor, id })),
    // The order is shown whether the task platform answers or not; its runs come when it does.
    listRuns({ actor, tag })
      .then((page) => page.runs)
      .catch((error: unknown) => {
        if (error instanceof RunsUnavailableError) return [];
        throw error;
      }),
  ]);
  const { tone, text } = orderWords(order);

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={routes.adminOrders()} className="link">
          Orders
        </Link>
      </p>
      <PageHeading
        title={
          <span className="flex flex-wrap items-center gap-x-4">
            Order #{order.number} <Status tone={tone}>{text}</Status>
          </span>
        }
      >
        <OrderActions order={order} />
      </PageHeading>
      {order.findings.map(({ id, message }) => (
        <div key={id} className="mb-4">
          <Notice tone="stopped">
            {message}{" "}
            <Link href={routes.adminAttention()} className="link">
              Resolve
            </Link>
          </Notice>
        </div>
      ))}
      {order.review && <ReviewPanel orderId={order.id} review={order.review} address={order.shipTo} />}
      {order.cancelReason && <p className="mb-4 text-sm text-soft">{order.cancelReason}</p>}
      <div className="grid items-start gap-6 xl:grid-cols-[1fr_22rem]">
        <div className="min-w-0 space-y-6">
          <Section title="Work">
            <OrderRuns orderId={order.id} tag={tag} initial={runs} timeZone={timeZone} />
          </Section>
          <Section title="Timeline">
            <Timeline order={order} timeZone={timeZone} />
          </Section>
          <Section title="Payments">
            <Payments order={order} timeZone={timeZone} />
          </Section>
          {order.disputes.length > 0 && (
            <Section title="Disputes">
              <Disputes disputes={order.disputes} timeZone={timeZone} />
            </Section>
          )}
          {order.refunds.length > 0 && (
            <Section title="Refunds">
              <Refunds refunds={order.refunds} timeZone={timeZone} />
            </Section>
          )}
          {order.returns.length > 0 && (
            <Section title="Returns">
              <Returns id={order.id} returns={order.returns} timeZone={timeZone} />
            </Section>
          )}
          {order.mails.length > 0 && (
            <Section title="Mails">
              <Mails order={order} timeZone={timeZone} />
            </Section>
          )}
        </div>
        <aside aria-label="Order details" className="space-y-4">
          <OrderLines order={order} />
          <div className="border border-line p-4">
            <p className="mb-2 text-sm break-all">{order.email}</p>
            <PostalAddress address={order.shipTo} />
          </div>
          {order.shipment && (
            <p className="border border-line p-4 text-sm">
              {order.shipment.carrier} <span className="figure">{order.shipment.trackingNumber}</span>
              {order.hasLabel && (
                // Not a <Link>: it is a file, and must not be fetched ahead.
                <a href={routes.adminOrderLabel(order.id)} className="link mt-1 block w-max">
                  Label to print
                </a>
              )}
            </p>
          )}
        </aside>
      </div>
    </>
  );
}

type Part = { order: StaffOrderView; timeZone: string };

function Timeline({ order, timeZone }: Part) {
  return (
    <table className="table">
      <Columns names={["When", "What", "Who"]} />
      <tbody>
        {order.timeline.map((entry) => (
          <tr key={entry.id}>
            <td className="figure w-px text-xs">
              <Moment at={entry.at} timeZone={timeZone} />
            </td>
            <td>{entry.message}</td>
            <td className="label text-right">{entry.actor.startsWith("staff:") ? "staff" : entry.actor}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Payments({ order, timeZone }: Part) {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <Columns names={["When", "State", "At Stripe", "Amount"]} />
        <tbody>
          {order.payments.map((payment) => (
            <tr key={payment.id}>
              <td className="figure w-px text-xs">
                <Moment at={payment.capturedAt ?? payment.createdAt} timeZone={timeZone} />
              </td>
              <td>
                {payment.state}
                {payment.failureReason && <span className="block text-soft">{payment.failureReason}</span>}
              </td>
              <td className="figure text-xs break-all">{payment.paymentIntentId ?? payment.sessionId ?? "–"}</td>
              <td className="text-right">
                <Price value={payment.amount} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Mails({ order, timeZone }: Part) {
  return (
    <table className="table">
      <Columns names={["When", "Kind", "To"]} />
      <tbody>
        {order.mails.map((mail) => (
          <tr key={mail.id}>
            <td className="figure w-px text-xs">
              <Moment at={mail.sentAt ?? mail.createdAt} timeZone={timeZone} />
            </td>
            <td>{mail.kind}</td>
            <td className="text-soft">{mail.sentAt ? `sent to ${mail.recipient}` : "waiting to be sent"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
