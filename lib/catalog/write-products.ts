import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { Product, Variant } from "@/lib/db/generated/client";
import type { ProductPlan } from "./plan-product";
import {
  imageTable,
  insertRows,
  movementTable,
  optionTable,
  productTable,
  stageRows,
  stockTable,
  variantTable,
} from "./tables";

/** Writes what the plans say, all plans together, one statement for each table and kind of change. */
export async function writeProducts(tx: BulkTx, plans: readonly ProductPlan[]): Promise<void> {
  const all = <Row>(pick: (plan: ProductPlan) => Row | readonly Row[] | undefined): Row[] =>
    plans.flatMap((plan) => pick(plan) ?? []) as Row[];

  await insertRows(
    tx,
    productTable,
    all((plan) => plan.insertProduct),
  );
  await updateProducts(
    tx,
    all((plan) => plan.updateProduct),
  );
  await removeStale(
    tx,
    "product_option",
    plans.filter((plan) => plan.replaceOptions),
  );
  await insertRows(
    tx,
    optionTable,
    all((plan) => plan.replaceOptions),
  );
  await removeStale(
    tx,
    "image",
    plans.filter((plan) => plan.replaceImages),
  );
  await insertRows(
    tx,
    imageTable,
    all((plan) => plan.replaceImages),
  );
  await insertRows(
    tx,
    variantTable,
    all((plan) => plan.insertVariants),
  );
  await updateVariants(
    tx,
    all((plan) => plan.updateVariants),
  );
  await insertRows(
    tx,
    stockTable,
    all((plan) => plan.insertStock),
  );
  await insertRows(
    tx,
    movementTable,
    all((plan) => plan.insertMovements),
  );
}

async function updateProducts(tx: BulkTx, rows: readonly Product[]): Promise<void> {
  if (rows.length === 0) return;
  const staged = await stageRows(tx, productTable, rows);
  await tx.execute(`
    update product p set title = x.title, description = x.description, vendor = x.vendor,
      product_type = x.product_type, tags = x.tags, status = x.status, updated_at = x.updated_at
    from ${staged} x where p.id = x.id`);
}

/** A new product has none yet. */
async function removeStale(tx: BulkTx, table: string, plans: readonly ProductPlan[]): Promise<void> {
  const stale = plans.filter((plan) => !plan.isNew).map((plan) => plan.productId);
  if (stale.length > 0) await tx.execute(`delete from ${table} where product_id = any($1)`, [stale]);
}

async function updateVariants(tx: BulkTx, rows: readonly Variant[]): Promise<void> {
  if (rows.length === 0) return;
  const staged = await stageRows(tx, variantTable, rows);
  await tx.execute(`
    update variant v set position = x.position, title = x.title, sku = x.sku, barcode = x.barcode,
      price_amount = x.price_amount, price_currency = x.price_currency, compare_at_amount = x.compare_at_amount,
      weight_grams = x.weight_grams, updated_at = x.updated_at
    from ${staged} x where v.id = x.id`);
}
