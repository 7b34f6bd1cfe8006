import type { Money } from "@/lib/money/money";
import { Price } from "./price";

/** What the items, the shipping and all of it together cost. */
export function OrderTotals({ subtotal, shipping, total }: { subtotal: Money; shipping: Money; total: Money }) {
  return (
    <dl className="text-sm">
      <div className="flex justify-between gap-4 px-4 pt-3 pb-1">
        <dt>Items</dt>
        <dd>
          <Price value={subtotal} />
        </dd>
      </div>
      <div className="flex justify-between gap-4 px-4 pb-3">
        <dt>Shipping</dt>
        <dd>{shipping.amount === 0 ? "free" : <Price value={shipping} />}</dd>
      </div>
      <div className="flex justify-between gap-4 border-t border-line-strong px-4 py-3 text-base font-semibold">
        <dt>Total</dt>
        <dd>
          <Price value={total} />
        </dd>
      </div>
    </dl>
  );
}
