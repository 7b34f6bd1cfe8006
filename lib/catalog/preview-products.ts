import type { BulkTx } from "@/lib/db/bulk-transaction";
import { type Change, describeChanges } from "./describe-changes";
import { loadProducts } from "./load-products";
import type { ProductPlan, StoredProduct } from "./plan-product";
import type { ProductInput } from "./product-input";
import { isWritten, plan, type RefusedProduct } from "./save-product";
import { type Adjustment, heldByOrders } from "./set-stock";

export type PreviewedProduct = {
  outcome: "created" | "updated" | "unchanged";
  adjusted: Adjustment[];
  /** Only some are looked at. */
  describe: () => Change[];
};

/**
 * What `saveProducts` would make of these, with nothing written and nothing locked. What only the database could refuse
 * is not seen, and a handle that comes again is looked at as if it had not come before.
 */
export async function previewProducts(
  tx: BulkTx,
  inputs: readonly ProductInput[],
  { now }: { now: Date },
): Promise<(PreviewedProduct | RefusedProduct)[]> {
  const stored = await loadProducts(
    tx,
    inputs.map(({ handle }) => handle),
  );
  return inputs.map((input) => {
    const before = stored.get(input.handle);
    const planned = plan(before, input, { now });
    if (!("productId" in planned)) return planned;
    return before ? changeOf(planned, before) : { outcome: "created", adjusted: [], describe: () => [] };
  });
}

function changeOf(planned: ProductPlan, stored: StoredProduct): PreviewedProduct {
  const stockOf = new Map(stored.variants.map(({ id, stock }) => [id, stock]));
  const adjusted: Adjustment[] = [];
  const stockTargets = planned.stockTargets.flatMap((target) => {
    const was = stockOf.get(target.variantId);
    if (!was) return [];
    const onHand = Math.max(target.onHand, was.reserved);
    if (onHand > target.onHand) adjusted.push(heldByOrders(target, onHand));
    return onHand === was.onHand && target.tracked === was.tracked ? [] : [{ ...target, onHand }];
  });
  const outcome = isWritten(planned) || stockTargets.length > 0 ? "updated" : "unchanged";
  return { outcome, adjusted, describe: () => describeChanges({ ...planned, stockTargets }, stored) };
}
