import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { Moment } from "@/components/moment";
import { PageHeading } from "@/components/page-heading";
import { Price } from "@/components/price";
import { listPastOrders } from "@/lib/history/find-past-orders";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";

export const metadata: Metadata = { title: "Past orders" };

export default async function PastOrdersPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireStaffActor();
  const params = await searchParams;
  const [search, before] = [firstOf(params.q).trim(), firstOf(params.before)];
  const [{ timeZone }, { orders, nextBefore }] = await Promise.all([
    getStoreSettings(),
    listPastOrders({ actor, search, before }),
  ]);
  const hrefOf = (more: Record<string, string>) =>
    `${routes.adminPastOrders()}?${new URLSearchParams({ ...(search && { q: search }), ...more })}`;

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={routes.adminOrders()} className="link">
          Orders
        </Link>
      </p>
      <PageHeading title="Past orders">
        <form className="flex flex-wrap items-center gap-2 text-sm">
          <input
            type="search"
            name="q"
            aria-label="Number, e-mail, name or customer"
            placeholder="Number, e-mail or name"
            defaultValue={search}
            className="field field-small !w-52"
          />
          <button type="submit" className="button button-small">
            Show
          </button>
        </form>
      </PageHeading>
      {orders.length === 0 ? (
        <Empty title={search ? "No past order fits that." : "No orders from before have been imported."}>
          {!search && (
            <Link href={routes.adminImports()} className="link">
              Import past orders
            </Link>
          )}
        </Empty>
      ) : (
        <div className="overflow-x-auto">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Order</th>
                <th scope="col">What</th>
                <th scope="col">Who</th>
                <th scope="col" className="!text-right max-sm:hidden">
                  Items
                </th>
                <th scope="col" className="!text-right">
                  Total
                </th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {orders.map((order) => (
                <tr key={order.id}>
                  <td>
                    <Link href={routes.adminPastOrder(order.id)} className="figure link font-medium">
                      {order.number}
                    </Link>
                  </td>
                  <td>{order.kind === "sale" ? "Sold" : "Given back"}</td>
                  <td className="max-w-36 truncate sm:max-w-64">{order.who || "not said"}</td>
                  <td className="figure text-right max-sm:hidden">{order.pieces.toLocaleString("en-IE")}</td>
                  <td className="text-right">
                    <Price value={order.total} />
                  </td>
                  <td className="figure text-xs">
                    <Moment at={order.placedAt} timeZone={timeZone} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(before || nextBefore !== null) && (
        <nav aria-label="Pages" className="mt-4 flex gap-6 text-sm">
          {before && (
            <Link href={hrefOf({})} className="link">
              Newest
            </Link>
          )}
          {nextBefore !== null && (
            <Link href={hrefOf({ before: nextBefore })} className="link">
              Older
            </Link>
          )}
        </nav>
      )}
    </>
  );
}
