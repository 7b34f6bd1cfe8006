import type { OrderView } from "@/lib/orders/order-view";
import { OrderTotals } from "./order-totals";
import { Price } from "./price";

/** What was ordered, at the prices it was ordered for. */
export function OrderLines({ order }: { order: Pick<OrderView, "lines" | "totals"> }) {
  return (
    <div className="border border-line-strong">
      <ul className="border-b border-line px-4 py-2 text-sm">
        {order.lines.map((line) => (
          <li key={line.id} className="flex justify-between gap-4 py-1.5">
            <span>
              <span className="figure">{line.quantity} ×</span> {line.title}
              {line.variantTitle && <span className="text-soft"> {line.variantTitle}</span>}
              {line.sku && <span className="label block">{line.sku}</span>}
            </span>
            <Price value={line.subtotal} />
          </li>
        ))}
      </ul>
      <OrderTotals totals={order.totals} />
    </div>
  );
}
