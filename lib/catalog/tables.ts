import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { CopyValue } from "@/lib/db/copy-text";
import type { Image, Product, ProductOption, StockItem, StockMovement, Variant } from "@/lib/db/generated/client";

/** A table of the catalogue: its columns, and under which name a row has each. */
type Table<Row> = { name: string; columns: { readonly [Key in keyof Row]-?: string } };

export const productTable: Table<Product> = {
  name: "product",
  columns: {
    id: "id",
    handle: "handle",
    title: "title",
    description: "description",
    vendor: "vendor",
    productType: "product_type",
    tags: "tags",
    status: "status",
    createdAt: "created_at",
    updatedAt: "updated_at",
  },
};

export const optionTable: Table<ProductOption> = {
  name: "product_option",
  columns: { id: "id", productId: "product_id", position: "position", name: "name", values: "values" },
};

export const variantTable: Table<Variant> = {
  name: "variant",
  columns: {
    id: "id",
    productId: "product_id",
    position: "position",
    title: "title",
    optionValues: "option_values",
    sku: "sku",
    barcode: "barcode",
    priceAmount: "price_amount",
    priceCurrency: "price_currency",
    compareAtAmount: "compare_at_amount",
    weightGrams: "weight_grams",
    createdAt: "created_at",
    updatedAt: "updated_at",
  },
};

export const imageTable: Table<Image> = {
  name: "image",
  columns: { id: "id", productId: "product_id", position: "position", url: "url", alt: "alt" },
};

export const stockTable: Table<StockItem> = {
  name: "stock_item",
  columns: { variantId: "variant_id", tracked: "tracked", onHand: "on_hand", reserved: "reserved" },
};

export const movementTable: Table<StockMovement> = {
  name: "stock_movement",
  columns: {
    id: "id",
    variantId: "variant_id",
    kind: "kind",
    quantity: "quantity",
    orderId: "order_id",
    importId: "import_id",
    createdAt: "created_at",
  },
};

/** The columns of a table under the names that rows have them, to read with: `id, product_id as "productId", …`. */
export function selection<Row>({ columns }: Table<Row>): string {
  const pairs = Object.entries<string>(columns);
  return pairs.map(([key, column]) => `"${column}" as "${key}"`).join(", ");
}

/** Adds rows to a table. */
export async function insertRows<Row>(tx: BulkTx, table: Table<Row>, rows: readonly Row[]): Promise<void> {
  await copyInto(tx, table.name, table, rows);
}

/** Lays rows beside their table, where a statement can join them: a temporary table that goes with the transaction. */
export async function stageRows<Row>(tx: BulkTx, table: Table<Row>, rows: readonly Row[]): Promise<string> {
  const staged = `staged_${table.name}`;
  await tx.execute(`create temp table if not exists ${staged} (like ${table.name}) on commit drop`);
  await tx.execute(`truncate ${staged}`);
  await copyInto(tx, staged, table, rows);
  return staged;
}

async function copyInto<Row>(tx: BulkTx, name: string, { columns }: Table<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const keys = Object.keys(columns) as (keyof Row)[];
  const names = keys.map((key) => columns[key]);
  await tx.copy(name, names, valuesOf(rows, keys));
}

function* valuesOf<Row>(rows: readonly Row[], keys: readonly (keyof Row)[]): Generator<CopyValue[]> {
  for (const row of rows) yield keys.map((key) => row[key] as CopyValue);
}
