import type { BulkTx } from "@/lib/db/bulk-transaction";

/** The counter of one of the variants that bear a SKU. */
export type StockOfSku = {
  sku: string;
  variantId: string;
  optionValues: string[];
  tracked: boolean;
  onHand: number;
  reserved: number;
};

/** All variants with these SKUs, by SKU: a SKU is a label, which none or several may bear. */
export async function findStockBySku(tx: BulkTx, skus: readonly string[]): Promise<Map<string, StockOfSku[]>> {
  const rows = await tx.query<StockOfSku>(
    `select sku, variant.id as "variantId", option_values as "optionValues", tracked, on_hand as "onHand", reserved
     from variant join stock_item on stock_item.variant_id = variant.id where sku = any($1) order by variant.id`,
    [[...new Set(skus)]],
  );
  const bySku = new Map<string, StockOfSku[]>();
  for (const row of rows) {
    const same = bySku.get(row.sku);
    if (same) same.push(row);
    else bySku.set(row.sku, [row]);
  }
  return bySku;
}
