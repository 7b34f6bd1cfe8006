import type { Tx } from "@/lib/db/transaction";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { byVariant, type StockLine, sumByVariant } from "./hold-stock";

/** Puts goods of an order back on the shelf. For untracked variants nothing is counted. */
export async function restock(
  tx: Tx,
  { orderId, lines }: { orderId: OrderId; lines: readonly StockLine[] },
): Promise<void> {
  for (const { variantId, quantity } of sumByVariant(lines).sort(byVariant)) {
    if (quantity === 0) continue;
    const counted = await tx.stockItem.updateMany({
      where: { variantId, tracked: true },
      data: { onHand: { increment: quantity } },
    });
    if (counted.count === 1)
      await tx.stockMovement.create({
        data: { id: newId("movement"), variantId, kind: "returned", quantity, orderId },
      });
  }
}

/** Puts all that was sold to an order back, for one whose goods never left. The caller sees to it that this is once. */
export async function restockSold(tx: Tx, orderId: OrderId): Promise<void> {
  const sold = await tx.stockMovement.findMany({ where: { orderId, kind: "sold" } });
  const lines = sold.map(({ variantId, quantity }) => ({ variantId: variantId as VariantId, quantity }));
  await restock(tx, { orderId, lines });
}
