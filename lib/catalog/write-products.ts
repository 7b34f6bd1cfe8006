import type { Image, Product, ProductOption, StockItem, StockMovement, Variant } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { ProductPlan } from "./plan-product";

// Rows travel as one JSON parameter a statement: the number of bind variables stays one, however many rows there are
// (Postgres allows 65,535 and Prisma half of them), and `json_populate_recordset` gives each column its own type.

const json = (rows: readonly object[]): string => JSON.stringify(rows);

const productRow = (row: Product) => ({
  id: row.id,
  handle: row.handle,
  title: row.title,
  description: row.description,
  vendor: row.vendor,
  product_type: row.productType,
  tags: row.tags,
  status: row.status,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
});

const optionRow = (row: ProductOption) => ({
  id: row.id,
  product_id: row.productId,
  position: row.position,
  name: row.name,
  values: row.values,
});

const variantRow = (row: Variant) => ({
  id: row.id,
  product_id: row.productId,
  position: row.position,
  title: row.title,
  option_values: row.optionValues,
  sku: row.sku,
  barcode: row.barcode,
  price_amount: row.priceAmount,
  price_currency: row.priceCurrency,
  compare_at_amount: row.compareAtAmount,
  weight_grams: row.weightGrams,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
});

const imageRow = (row: Image) => ({
  id: row.id,
  product_id: row.productId,
  position: row.position,
  url: row.url,
  alt: row.alt,
});

const stockRow = (row: StockItem) => ({
  variant_id: row.variantId,
  tracked: row.tracked,
  on_hand: row.onHand,
  reserved: row.reserved,
});

const movementRow = (row: StockMovement) => ({
  id: row.id,
  variant_id: row.variantId,
  kind: row.kind,
  quantity: row.quantity,
  order_id: row.orderId,
  import_id: row.importId,
  created_at: row.createdAt,
});

/** Writes what the plans say, all plans together, one statement for each table and kind of change. */
export async function writeProducts(tx: Tx, plans: readonly ProductPlan[]): Promise<void> {
  await insertProducts(
    tx,
    plans.flatMap((plan) => plan.insertProduct ?? []),
  );
  await updateProducts(
    tx,
    plans.flatMap((plan) => plan.updateProduct ?? []),
  );
  await replaceOptions(
    tx,
    plans.filter((plan) => plan.replaceOptions),
  );
  await replaceImages(
    tx,
    plans.filter((plan) => plan.replaceImages),
  );
  await insertVariants(
    tx,
    plans.flatMap((plan) => plan.insertVariants),
  );
  await updateVariants(
    tx,
    plans.flatMap((plan) => plan.updateVariants),
  );
  await insertStock(
    tx,
    plans.flatMap((plan) => plan.insertStock),
  );
  await insertMovements(
    tx,
    plans.flatMap((plan) => plan.insertMovements),
  );
}

async function insertProducts(tx: Tx, rows: readonly Product[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into product select * from json_populate_recordset(null::product, ${json(rows.map(productRow))}::json)`;
}

async function updateProducts(tx: Tx, rows: readonly Product[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    update product p set title = x.title, description = x.description, vendor = x.vendor,
      product_type = x.product_type, tags = x.tags, status = x.status, updated_at = x.updated_at
    from json_populate_recordset(null::product, ${json(rows.map(productRow))}::json) x where p.id = x.id`;
}

async function replaceOptions(tx: Tx, plans: readonly ProductPlan[]): Promise<void> {
  if (plans.length === 0) return;
  const stale = plans.filter((plan) => !plan.isNew).map((plan) => plan.productId);
  if (stale.length > 0) await tx.productOption.deleteMany({ where: { productId: { in: stale } } });
  const rows = plans.flatMap((plan) => plan.replaceOptions ?? []);
  await tx.$executeRaw`
    insert into product_option
    select * from json_populate_recordset(null::product_option, ${json(rows.map(optionRow))}::json)`;
}

async function replaceImages(tx: Tx, plans: readonly ProductPlan[]): Promise<void> {
  if (plans.length === 0) return;
  const stale = plans.filter((plan) => !plan.isNew).map((plan) => plan.productId);
  if (stale.length > 0) await tx.image.deleteMany({ where: { productId: { in: stale } } });
  const rows = plans.flatMap((plan) => plan.replaceImages ?? []);
  await tx.$executeRaw`
    insert into image select * from json_populate_recordset(null::image, ${json(rows.map(imageRow))}::json)`;
}

async function insertVariants(tx: Tx, rows: readonly Variant[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into variant select * from json_populate_recordset(null::variant, ${json(rows.map(variantRow))}::json)`;
}

async function updateVariants(tx: Tx, rows: readonly Variant[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    update variant v set position = x.position, title = x.title, sku = x.sku, barcode = x.barcode,
      price_amount = x.price_amount, price_currency = x.price_currency, compare_at_amount = x.compare_at_amount,
      weight_grams = x.weight_grams, updated_at = x.updated_at
    from json_populate_recordset(null::variant, ${json(rows.map(variantRow))}::json) x where v.id = x.id`;
}

async function insertStock(tx: Tx, rows: readonly StockItem[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into stock_item
    select * from json_populate_recordset(null::stock_item, ${json(rows.map(stockRow))}::json)`;
}

/** Adds rows to the ledger of stock. The counters they explain are changed in the same transaction. */
export async function insertMovements(tx: Tx, rows: readonly StockMovement[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into stock_movement
    select * from json_populate_recordset(null::stock_movement, ${json(rows.map(movementRow))}::json)`;
}
