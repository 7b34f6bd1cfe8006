import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { StockMovement } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { movement, type StockTarget } from "./plan-product";
import { insertRows, movementTable } from "./tables";

/** Something of a variant that was not taken as it was given, in a sentence for people. */
export type Adjustment = { optionValues: string[]; field: string; reason: string };

type Counter = { variantId: string; tracked: boolean; onHand: number; reserved: number };
type StockChange = { isChanged: boolean; adjusted: Adjustment[] };

/**
 * Sets counters of existing stock, each change with its row in the ledger.
 *
 * Counters are read and locked in id order, so that orders placed meanwhile are counted and none of them deadlocks with
 * it. (With a second call in one transaction one may; whoever loses is tried again.) What orders hold stays on hand even
 * where less was asked for.
 */
export async function setStock(
  tx: BulkTx,
  targets: readonly StockTarget[],
  context: { now: Date; importId?: ImportId },
): Promise<Map<string, StockChange>> {
  const changes = new Map<string, StockChange>();
  if (targets.length === 0) return changes;
  const counters = await tx.query<Counter>(
    `select variant_id as "variantId", tracked, on_hand as "onHand", reserved from stock_item
     where variant_id = any($1) order by variant_id for update`,
    [targets.map((target) => target.variantId)],
  );
  const before = new Map(counters.map((counter) => [counter.variantId, counter]));

  const counts: Counter[] = [];
  const movements: StockMovement[] = [];
  for (const target of targets) {
    const was = before.get(target.variantId);
    if (!was) continue;
    const onHand = Math.max(target.onHand, was.reserved);
    const isChanged = onHand !== was.onHand || target.tracked !== was.tracked;
    changes.set(target.variantId, {
      isChanged,
      adjusted: onHand > target.onHand ? [heldByOrders(target, onHand)] : [],
    });
    if (isChanged) counts.push({ ...was, onHand, tracked: target.tracked });
    if (onHand !== was.onHand) movements.push(movement(target.variantId, "adjusted", onHand - was.onHand, context));
  }
  if (counts.length > 0)
    await tx.execute(
      `update stock_item s set on_hand = x."onHand", tracked = x.tracked
       from json_to_recordset($1) as x("variantId" text, "onHand" int, tracked boolean)
       where s.variant_id = x."variantId"`,
      [JSON.stringify(counts)],
    );
  await insertRows(tx, movementTable, movements);
  return changes;
}

/** That less was asked for than orders hold. */
export function heldByOrders({ optionValues, onHand: wanted }: StockTarget, onHand: number): Adjustment {
  const reason = `Stock was set to ${onHand} instead of ${wanted}, because orders hold ${onHand}.`;
  return { optionValues, field: "stock", reason };
}
