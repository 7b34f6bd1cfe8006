import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { Image, Product, ProductOption, StockItem, Variant } from "@/lib/db/generated/client";
import type { StoredProduct } from "./plan-product";
import { imageTable, optionTable, productTable, selection, stockTable, variantTable } from "./tables";

/** What is known of the products with these handles, by handle. */
export async function loadProducts(tx: BulkTx, handles: readonly string[]): Promise<Map<string, StoredProduct>> {
  const products = await tx.query<Product>(`select ${selection(productTable)} from product where handle = any($1)`, [
    handles,
  ]);
  if (products.length === 0) return new Map();
  const ids = products.map(({ id }) => id);
  const options = await tx.query<ProductOption>(
    `select ${selection(optionTable)} from product_option where product_id = any($1) order by position`,
    [ids],
  );
  const variants = await tx.query<Variant>(
    `select ${selection(variantTable)} from variant where product_id = any($1) order by position`,
    [ids],
  );
  const images = await tx.query<Image>(
    `select ${selection(imageTable)} from image where product_id = any($1) order by position`,
    [ids],
  );
  const stock = await tx.query<StockItem>(
    `select ${selection(stockTable)} from stock_item where variant_id in (select id from variant where product_id = any($1))`,
    [ids],
  );
  const stockOf = new Map(stock.map((item) => [item.variantId, item]));
  const stocked = variants.map((variant) => ({ ...variant, stock: stockOf.get(variant.id) ?? null }));
  const [optionsOf, variantsOf, imagesOf] = [byProduct(options), byProduct(stocked), byProduct(images)];
  return new Map(
    products.map((product) => [
      product.handle,
      {
        ...product,
        options: optionsOf.get(product.id) ?? [],
        variants: variantsOf.get(product.id) ?? [],
        images: imagesOf.get(product.id) ?? [],
      },
    ]),
  );
}

function byProduct<Row extends { productId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.productId);
    if (group) group.push(row);
    else groups.set(row.productId, [row]);
  }
  return groups;
}
