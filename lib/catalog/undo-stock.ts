import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";
import { setStock } from "./set-stock";

/** A variant whose stock an import moved, last at `at`. */
export type MovedStock = { variantId: string; at: Date };

type Moved = {
  variantId: string;
  optionValues: string[];
  tracked: boolean;
  onHand: number;
  /** What the import's movements come to, and what others have counted since. */
  byImport: number;
  countedSince: boolean;
};

/**
 * Takes back what an import has moved in the stock of these variants, as movements of their own; what was sold meanwhile
 * stays sold. Answers by variant why that was not done, or not in full: stock that was counted since (but for an import
 * that was undone itself) stays as it was counted, and what orders hold stays on hand. May be repeated: what is taken back is not taken back again.
 */
export async function undoStock(
  tx: BulkTx,
  moved: readonly MovedStock[],
  context: { now: Date; importId: ImportId },
): Promise<Map<string, string>> {
  const rows = await tx.query<Moved>(
    `select stock_item.variant_id as "variantId", variant.option_values as "optionValues", tracked, on_hand as "onHand",
       coalesce((select sum(quantity)::int from stock_movement movement
         where movement.variant_id = stock_item.variant_id and movement.import_id = $3), 0) as "byImport",
       exists (select 1 from stock_movement movement where movement.variant_id = stock_item.variant_id
         and movement.import_id is distinct from $3 and kind in ('received', 'adjusted')
         and movement.created_at >= given.at
         group by import_id having import_id is null or sum(quantity) <> 0) as "countedSince"
     from unnest($1::text[], $2::timestamptz[]) as given (variant_id, at)
     join stock_item on stock_item.variant_id = given.variant_id
     join variant on variant.id = stock_item.variant_id
     where exists (select 1 from stock_movement movement
       where movement.variant_id = stock_item.variant_id and movement.import_id = $3)
     order by stock_item.variant_id for update of stock_item`,
    [moved.map(({ variantId }) => variantId), moved.map(({ at }) => at), context.importId],
  );
  const left = new Map<string, string>();
  for (const { variantId, countedSince } of rows)
    if (countedSince) left.set(variantId, "The stock was counted since, and was left as it is.");
  const targets = rows
    .filter(({ byImport, countedSince }) => byImport !== 0 && !countedSince)
    .map(({ byImport, countedSince, ...row }) => ({ ...row, onHand: Math.max(0, row.onHand - byImport) }));
  for (const { variantId, onHand, byImport } of rows)
    if (!left.has(variantId) && onHand < byImport)
      left.set(variantId, "More was sold since than there was before, so the stock was set to 0.");
  const changes = await setStock(tx, targets, context);
  for (const { variantId } of targets)
    for (const { reason } of changes.get(variantId)?.adjusted ?? []) left.set(variantId, reason);
  return left;
}
