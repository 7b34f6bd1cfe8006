import type { BulkTx } from "@/lib/db/bulk-transaction";
import { DomainError, invariant } from "@/lib/errors";
import type { ImportId, ProductId } from "@/lib/ids";
import { loadProducts } from "./load-products";
import { type ProductPlan, planProduct, type StoredProduct } from "./plan-product";
import type { ProductInput } from "./product-input";
import { type Adjustment, setStock } from "./set-stock";
import { writeProducts } from "./write-products";

export type SavedProduct = {
  productId: ProductId;
  outcome: "created" | "updated" | "unchanged";
  adjusted: Adjustment[];
  /** What it was like; null for a new one. */
  before: StoredProduct | null;
};

/** A product that cannot be saved as it is given; nothing of it was written. */
export type RefusedProduct = { outcome: "refused"; reason: DomainError };

type Context = { now: Date; importId?: ImportId };

/**
 * Makes the product with the input's handle what the input says: itself, its options, variants, prices, stock, images.
 *
 * What the input leaves out is kept, as are variants and images it does not name. A variant is told by its option
 * values, never by its SKU. Stock moves through the ledger and never goes below what orders hold (said in `adjusted`).
 * May be repeated: where nothing changes nothing is written.
 *
 * @throws DomainError for a product that cannot be saved, with nothing written.
 */
export async function saveProduct(tx: BulkTx, input: ProductInput, context: Context): Promise<SavedProduct> {
  const [result] = await saveProducts(tx, [input], context);
  invariant(result, "saveProducts answers once for each product");
  if (result.outcome === "refused") throw result.reason;
  return result;
}

/**
 * `saveProduct` for many at once, with a handful of statements for all of them; answers in the order of the inputs.
 * One that is refused does not hold up the others; an error of the database does.
 */
export async function saveProducts(
  tx: BulkTx,
  inputs: readonly ProductInput[],
  context: Context,
): Promise<(SavedProduct | RefusedProduct)[]> {
  // One writer of the catalogue at a time: no two can make the same handle, and none can deadlock with another.
  await tx.execute("select pg_advisory_xact_lock(hashtext('catalog.save-products'))");
  const results: (SavedProduct | RefusedProduct)[] = [];
  for (const wave of wavesByHandle(inputs)) results.push(...(await saveWave(tx, wave, context)));
  return results;
}

/** Cuts the list where a handle comes again, so that what was said of it before is stored first. */
function wavesByHandle(inputs: readonly ProductInput[]): ProductInput[][] {
  const waves: ProductInput[][] = [];
  let handles = new Set<string>();
  for (const input of inputs) {
    const wave = waves.at(-1);
    if (!wave || handles.has(input.handle)) {
      waves.push([input]);
      handles = new Set();
    } else wave.push(input);
    handles.add(input.handle);
  }
  return waves;
}

async function saveWave(tx: BulkTx, inputs: readonly ProductInput[], context: Context) {
  const stored = await loadProducts(
    tx,
    inputs.map((input) => input.handle),
  );
  const planned = inputs.map((input) => plan(stored.get(input.handle), input, context));

  const plans = planned.filter((result): result is ProductPlan => "productId" in result);
  await writeProducts(tx, plans);
  const stock = await setStock(
    tx,
    plans.flatMap((one) => one.stockTargets),
    context,
  );

  return planned.map((result, index): SavedProduct | RefusedProduct => {
    if (!("productId" in result)) return result;
    const changes = result.stockTargets.map((target) => stock.get(target.variantId));
    const isChanged = isWritten(result) || changes.some((change) => change?.isChanged);
    return {
      productId: result.productId,
      outcome: result.isNew ? "created" : isChanged ? "updated" : "unchanged",
      adjusted: changes.flatMap((change) => change?.adjusted ?? []),
      before: stored.get(inputs[index]?.handle ?? "") ?? null,
    };
  });
}

/** What has to be written, or why it cannot be. */
export function plan(
  stored: StoredProduct | undefined,
  input: ProductInput,
  context: Context,
): ProductPlan | RefusedProduct {
  try {
    return planProduct(stored, input, context);
  } catch (error) {
    if (error instanceof DomainError) return { outcome: "refused", reason: error };
    throw error;
  }
}

/** Whether a plan changes anything besides counters of stock. */
export function isWritten(one: ProductPlan): boolean {
  return (
    one.updateProduct !== undefined ||
    one.replaceOptions !== undefined ||
    one.replaceImages !== undefined ||
    one.insertVariants.length > 0 ||
    one.updateVariants.length > 0 ||
    one.insertStock.length > 0
  );
}
