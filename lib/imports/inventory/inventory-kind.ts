import { findStockBySku, type StockOfSku } from "@/lib/catalog/find-stock-by-sku";
import { heldByOrders, setStock } from "@/lib/catalog/set-stock";
import { undoStock } from "@/lib/catalog/undo-stock";
import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";
import { inRounds } from "../in-rounds";
import type { ImportKind, Previewed, Refusal, Saved } from "../kinds/import-kind";
import { inventoryFields, type SkuCount } from "./fields";
import { readInventory } from "./read-inventory";

/** How much of each SKU is on hand. */
export const inventoryKind: ImportKind<SkuCount> = {
  title: "Stock",
  about:
    "How much of each SKU is on hand: a table with a row for each, such as Shopify's inventory export. Nothing but the stock is changed.",
  fields: inventoryFields,
  read: readInventory,
  // A SKU that comes again is set again: the later row counts.
  save: (tx, counts, context) =>
    inRounds(
      counts,
      ({ sku }) => sku,
      (round) => saveRound(tx, round, context),
    ),
  async preview(tx, counts) {
    const stock = await findStockBySku(
      tx,
      counts.map(({ sku }) => sku),
    );
    return counts.map((count) => {
      const found = onlyOne(count, stock);
      return "reason" in found ? found : changeOf(count, found);
    });
  },
  async undo(tx, changes, context) {
    const moved = changes.map(({ subject, at }) => ({ variantId: subject, at }));
    const left = await undoStock(tx, moved, context);
    return changes.map(({ subject }) => left.get(subject) ?? null);
  },
  nameOf: ({ sku }) => ({ handle: sku, title: "" }),
};

async function saveRound(
  tx: BulkTx,
  counts: readonly SkuCount[],
  context: { now: Date; importId: ImportId },
): Promise<(Saved | Refusal)[]> {
  const stock = await findStockBySku(
    tx,
    counts.map(({ sku }) => sku),
  );
  const found = counts.map((count) => onlyOne(count, stock));
  const targets = found.flatMap((one, index) =>
    "reason" in one ? [] : [{ ...one, onHand: counts[index]?.onHand ?? one.onHand }],
  );
  const changes = await setStock(tx, targets, context);
  return found.map((one): Saved | Refusal => {
    if ("reason" in one) return one;
    const change = changes.get(one.variantId);
    const adjusted = (change?.adjusted ?? []).map(({ field, reason }) => ({ part: one.sku, field, reason }));
    if (!change?.isChanged) return { outcome: "unchanged", adjusted };
    return { outcome: "updated", adjusted, changes: [{ subject: one.variantId, before: { onHand: one.onHand } }] };
  });
}

function onlyOne({ sku }: SkuCount, stock: ReadonlyMap<string, StockOfSku[]>): StockOfSku | Refusal {
  const refused = (reason: string): Refusal => ({ outcome: "refused", reason });
  const [found, ...more] = stock.get(sku) ?? [];
  if (!found) return refused(`No variant has the SKU "${sku}".`);
  if (more.length > 0)
    return refused(`${more.length + 1} variants have the SKU "${sku}", and it cannot be told which one is meant.`);
  if (!found.tracked) return refused(`The stock of "${sku}" is not counted: it can always be sold.`);
  return found;
}

function changeOf({ sku, onHand: wanted }: SkuCount, found: StockOfSku): Previewed {
  const onHand = Math.max(wanted, found.reserved);
  const held = heldByOrders({ ...found, onHand: wanted }, onHand);
  return {
    outcome: onHand === found.onHand ? "unchanged" : "updated",
    adjusted: onHand === wanted ? [] : [{ part: sku, field: held.field, reason: held.reason }],
    describe: () => [{ what: "Stock", from: String(found.onHand), to: String(onHand) }],
  };
}
