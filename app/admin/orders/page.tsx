import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, numberOf, type SearchParams } from "@/app/_server/search-params";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { Moment } from "@/components/moment";
import { orderWords } from "@/components/order-words";
import { PageHeading } from "@/components/page-heading";
import { Price } from "@/components/price";
import { Status } from "@/components/status-light";
import { listOrders, type OrderSummary } from "@/lib/orders/list-orders";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { ChooseAll } from "./_components/choose-all";
import { ProcessAgainForm } from "./_components/process-again-form";

export const metadata: Metadata = { title: "Orders" };

const statuses: Record<OrderSummary["status"], string> = {
  pending: "Pending",
  confirmed: "Confirmed",
  fulfilling: "Packed",
  shipped: "Shipped",
  delivered: "Delivered",
  cancelled: "Cancelled",
  expired: "Expired",
};

/** The checkboxes of the table belong to this form above it. */
const processAgainForm = "process-again";

function isStatus(text: string): text is OrderSummary["status"] {
  return Object.hasOwn(statuses, text);
}

export default async function OrdersPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireStaffActor();
  const params = await searchParams;
  const [search, chosen, before] = [firstOf(params.q).trim(), firstOf(params.status), numberOf(params.before)];
  const status = isStatus(chosen) ? chosen : undefined;
  const [{ timeZone }, { orders, nextBefore }] = await Promise.all([
    getStoreSettings(),
    listOrders({ actor, status, search: search.replaceAll("\0", ""), before }),
  ]);
  const hrefOf = (more: Record<string, string>) =>
    `${routes.adminOrders()}?${new URLSearchParams({ ...(search && { q: search }), ...(status && { status }), ...more })}`;

  return (
    <>
      <PageHeading title="Orders">
        <form className="flex flex-wrap items-center gap-2 text-sm">
          <Link href={routes.adminPastOrders()} className="link mr-2">
            Past orders
          </Link>
          <input
            type="search"
            name="q"
            aria-label="Order number or e-mail"
            placeholder="Number or e-mail"
            defaultValue={search}
            className="field field-small !w-44"
          />
          <select name="status" aria-label="Status" defaultValue={status ?? ""} className="field field-small !w-auto">
            <option value="">Any status</option>
            {Object.entries(statuses).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
          <button type="submit" className="button button-small">
            Show
          </button>
        </form>
      </PageHeading>
      {orders.length === 0 ? (
        <Empty title={search || status ? "No order fits that." : "No orders yet."} />
      ) : (
        <>
          <ProcessAgainForm formId={processAgainForm} />
          <div className="overflow-x-auto">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col" className="w-px">
                    <ChooseAll formId={processAgainForm} />
                  </th>
                  <th scope="col">Order</th>
                  <th scope="col">Status</th>
                  <th scope="col">E-mail</th>
                  <th scope="col" className="!text-right max-sm:hidden">
                    Items
                  </th>
                  <th scope="col" className="!text-right">
                    Total
                  </th>
                  <th scope="col">Placed</th>
                </tr>
              </thead>
              <tbody>
                {orders.map((order) => {
                  const { tone, text } = orderWords(order);
                  return (
                    <tr key={order.id}>
                      <td>
                        <input
                          type="checkbox"
                          form={processAgainForm}
                          name={`order.${order.id}`}
                          aria-label={`Choose order #${order.number}`}
                        />
                      </td>
                      <td>
                        <Link href={routes.adminOrder(order.id)} className="figure link font-medium">
                          #{order.number}
                        </Link>
                      </td>
                      <td>
                        <Status tone={tone}>{text}</Status>
                      </td>
                      <td className="max-w-36 truncate sm:max-w-64">{order.email}</td>
                      <td className="figure text-right max-sm:hidden">{order.itemCount}</td>
                      <td className="text-right">
                        <Price value={order.total} />
                      </td>
                      <td className="figure text-xs">
                        <Moment at={order.placedAt} timeZone={timeZone} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
      {(before || nextBefore !== null) && (
        <nav aria-label="Pages" className="mt-4 flex gap-6 text-sm">
          {before && (
            <Link href={hrefOf({})} className="link">
              Newest
            </Link>
          )}
          {nextBefore !== null && (
            <Link href={hrefOf({ before: String(nextBefore) })} className="link">
              Older
            </Link>
          )}
        </nav>
      )}
    </>
  );
}
