import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId, ProductId } from "@/lib/ids";
import { loadProducts } from "./load-products";
import type { ProductPlan, StoredProduct } from "./plan-product";
import { setStock } from "./set-stock";
import { undoStock } from "./undo-stock";
import { writeProducts } from "./write-products";

/** A product that an import wrote at `at`, and what it was like before; null for one that was new. */
export type WrittenProduct = { productId: ProductId; before: StoredProduct | null; at: Date };

type Reason = string | null;

const changed = "The product was changed since, and was left as it is.";
const used = "The product was ordered or counted since, and was left as it is.";

/**
 * Makes products what they were before an import: takes new ones away again, and gives others back what they said and
 * what the import moved of their stock. One that somebody has changed since is left as it is; so is a new one, or one with
 * a new variant, that was ordered or whose stock was counted. Each product once. Answers for each null, or why not.
 */
export async function undoProducts(
  tx: BulkTx,
  written: readonly WrittenProduct[],
  context: { now: Date; importId: ImportId },
): Promise<Reason[]> {
  await tx.execute("select pg_advisory_xact_lock(hashtext('catalog.save-products'))");
  const stored = await loadById(tx, written);
  const newVariants = written.flatMap(({ productId, before }) => addedBy(stored.get(productId), before));
  const inUse = await findUsed(tx, newVariants, context.importId);
  const reasons = written.map(({ productId, before, at }): Reason => {
    const now = stored.get(productId);
    if (!now || isChangedSince(now, before, at)) return changed;
    return addedBy(now, before).some((id) => inUse.has(id)) ? used : null;
  });

  const back = written.filter((_, index) => reasons[index] === null);
  const added = back.filter(({ before }) => before === null);
  await tx.execute("delete from product where id = any($1)", [added.map(({ productId }) => productId)]);
  const restored = back.flatMap(({ productId, before, at }) => (before ? [{ productId, before, at }] : []));
  const stale = restored.flatMap(({ productId, before }) => addedBy(stored.get(productId), before));
  await tx.execute("delete from variant where id = any($1)", [stale]);
  await writeProducts(
    tx,
    restored.map(({ productId, before }) => planBack(productId, before)),
  );
  const stockReasons = await putStockBack(tx, restored, context);
  return written.map(({ productId }, index) => reasons[index] ?? stockReasons.get(productId) ?? null);
}

async function loadById(tx: BulkTx, written: readonly WrittenProduct[]): Promise<Map<string, StoredProduct>> {
  const rows = await tx.query<{ handle: string }>("select handle from product where id = any($1)", [
    written.map(({ productId }) => productId),
  ]);
  const stored = await loadProducts(
    tx,
    rows.map(({ handle }) => handle),
  );
  return new Map([...stored.values()].map((product) => [product.id, product]));
}

/** Variants that are there now and were not before. */
function addedBy(now: StoredProduct | undefined, before: StoredProduct | null): string[] {
  const known = new Set(before?.variants.map(({ id }) => id));
  return (now?.variants ?? []).map(({ id }) => id).filter((id) => !known.has(id));
}

/** Whoever writes a product, or a variant of it, says when: it was this import, or it is from before. */
function isChangedSince(now: StoredProduct, before: StoredProduct | null, at: Date): boolean {
  const were = new Map([before, ...(before?.variants ?? [])].flatMap((row) => (row ? [[row.id, row.updatedAt]] : [])));
  const isOther = [now, ...now.variants].some(
    ({ id, updatedAt }) => updatedAt.getTime() !== at.getTime() && updatedAt.getTime() !== were.get(id)?.getTime(),
  );
  const there = new Set(now.variants.map(({ id }) => id));
  return isOther || (before?.variants ?? []).some(({ id }) => !there.has(id));
}

/** Those of the variants that were ordered, or whose stock somebody else has counted. */
async function findUsed(tx: BulkTx, variantIds: readonly string[], importId: ImportId): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select id from variant where id = any($1) and (
       exists (select 1 from order_line where variant_id = variant.id)
       or exists (select 1 from reservation where variant_id = variant.id)
       or exists (select 1 from stock_movement where variant_id = variant.id and kind not in ('received', 'adjusted'))
       or exists (select 1 from stock_movement where variant_id = variant.id and import_id is distinct from $2
         and kind in ('received', 'adjusted') group by import_id having import_id is null or sum(quantity) <> 0))`,
    [variantIds, importId],
  );
  return new Set(rows.map(({ id }) => id));
}

function planBack(productId: ProductId, before: StoredProduct): ProductPlan {
  const { options, variants, images, ...product } = before;
  return {
    productId,
    isNew: false,
    updateProduct: product,
    replaceOptions: options,
    replaceImages: images,
    insertVariants: [],
    updateVariants: variants.map(({ stock, ...variant }) => variant),
    insertStock: [],
    insertMovements: [],
    stockTargets: [],
  };
}

/** Counters go back by what the import moved; whether they are counted at all becomes what it was. */
async function putStockBack(
  tx: BulkTx,
  restored: readonly { productId: ProductId; before: StoredProduct; at: Date }[],
  context: { now: Date; importId: ImportId },
): Promise<Map<ProductId, string>> {
  const variants = restored.flatMap(({ productId, before, at }) =>
    before.variants.map(({ id: variantId, optionValues, stock }) => ({
      productId,
      variantId,
      optionValues,
      stock,
      at,
    })),
  );
  const left = await undoStock(tx, variants, context);
  const counters = await tx.query<{ variantId: string; tracked: boolean; onHand: number }>(
    `select variant_id as "variantId", tracked, on_hand as "onHand" from stock_item where variant_id = any($1)`,
    [variants.map(({ variantId }) => variantId)],
  );
  const now = new Map(counters.map((counter) => [counter.variantId, counter]));
  const targets = variants.flatMap(({ variantId, optionValues, stock }) => {
    const counter = now.get(variantId);
    if (!counter || !stock || counter.tracked === stock.tracked) return [];
    return [{ variantId, optionValues, tracked: stock.tracked, onHand: counter.onHand }];
  });
  await setStock(tx, targets, context);
  return new Map(
    variants.flatMap(({ productId, variantId }) => {
      const reason = left.get(variantId);
      return reason === undefined ? [] : [[productId, reason] as const];
    }),
  );
}

/** A product as it was kept, as JSON. */
export function asStoredProduct(json: unknown): StoredProduct {
  const product = json as StoredProduct;
  return { ...dated(product), variants: product.variants.map(dated) };
}

function dated<Row extends { createdAt: Date; updatedAt: Date }>(row: Row): Row {
  return { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) };
}
