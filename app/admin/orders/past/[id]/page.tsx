import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { orNotFound } from "@/app/_server/or-not-found";
import { requireStaffActor } from "@/app/_server/session";
import { Moment } from "@/components/moment";
import { PageHeading } from "@/components/page-heading";
import { Price } from "@/components/price";
import { getPastOrder, type PastOrderView } from "@/lib/history/find-past-orders";
import { PastOrderIdInput } from "@/lib/history/schema";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";

export const metadata: Metadata = { title: "Past order" };

export default async function PastOrderPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireStaffActor();
  const asked = PastOrderIdInput.safeParse(await params);
  if (!asked.success) notFound();
  const [order, { timeZone }] = await Promise.all([
    orNotFound(getPastOrder({ actor, id: asked.data.id })),
    getStoreSettings(),
  ]);

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={routes.adminPastOrders()} className="link">
          Past orders
        </Link>
      </p>
      <PageHeading title={`${order.kind === "sale" ? "Order" : "Refund"} ${order.number}`} />
      <p className="text-sm text-soft">
        From before the shop moved here, as its file said. <Moment at={order.placedAt} timeZone={timeZone} />
        {order.importId && (
          <>
            {" · "}
            <Link href={routes.adminImport(order.importId)} className="link">
              its import
            </Link>
          </>
        )}
      </p>
      <dl className="mt-4 grid max-w-prose grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Said what="E-mail">{order.email}</Said>
        <Said what="Name">{order.name}</Said>
        <Said what="Customer number">{order.customer}</Said>
        <Said what="Country">{order.country}</Said>
      </dl>
      <Lines order={order} />
    </>
  );
}

function Said({ what, children }: { what: string; children: string | null }) {
  if (!children) return null;
  return (
    <>
      <dt className="text-soft">{what}</dt>
      <dd className="break-all">{children}</dd>
    </>
  );
}

function Lines({ order }: { order: PastOrderView }) {
  const { discount, shipping, tax } = order;
  return (
    <div className="mt-6 overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">SKU</th>
            <th scope="col">Product</th>
            <th scope="col" className="!text-right">
              Items
            </th>
            <th scope="col" className="!text-right">
              Each
            </th>
            <th scope="col" className="!text-right">
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.position}>
              <td className="figure">{line.sku}</td>
              <td className="min-w-40 break-words">
                {line.title}
                {line.kind === "fee" && <span className="text-soft"> (fee)</span>}
              </td>
              <td className="figure text-right">{line.quantity.toLocaleString("en-IE")}</td>
              <td className="text-right">
                <Price value={line.unitPrice} />
              </td>
              <td className="text-right">
                <Price value={line.total} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {discount.amount > 0 && (
            <Sum what={`Discount${order.discountCode ? ` ${order.discountCode}` : ""}, in the totals above`}>
              −<Price value={discount} />
            </Sum>
          )}
          {shipping.amount > 0 && (
            <Sum what={`Shipping${order.shippingName ? `, ${order.shippingName}` : ""}`}>
              <Price value={shipping} />
            </Sum>
          )}
          {tax.amount > 0 && (
            <Sum what={order.taxIncluded ? "Tax, in the prices" : "Tax, in the totals above"}>
              <Price value={tax} />
            </Sum>
          )}
          <Sum what="Total">
            <strong>
              <Price value={order.total} />
            </strong>
          </Sum>
        </tfoot>
      </table>
    </div>
  );
}

function Sum({ what, children }: { what: string; children: ReactNode }) {
  return (
    <tr>
      <th scope="row" colSpan={4} className="!text-right font-normal">
        {what}
      </th>
      <td className="text-right">{children}</td>
    </tr>
  );
}
