import type { Tx } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
import { newId, type OrderId } from "@/lib/ids";
import { byVariant } from "./hold-stock";

/**
 * Ends all that an order holds, one way or the other. Deleting the reservation decides who ends it; the counter and the
 * ledger follow in the same transaction.
 */
export async function endReservations(tx: Tx, orderId: OrderId, kind: "released" | "sold"): Promise<void> {
  const held = await tx.reservation.findMany({ where: { orderId } });
  held.sort(byVariant);
  for (const { id, variantId, quantity } of held) {
    const ended = await tx.reservation.deleteMany({ where: { id } });
    if (ended.count === 0) continue;
    const counted = await tx.stockItem.updateMany({
      where: { variantId },
      data: { reserved: { decrement: quantity }, ...(kind === "sold" ? { onHand: { decrement: quantity } } : {}) },
    });
    invariant(counted.count === 1, "what is reserved has a counter");
    await tx.stockMovement.create({ data: { id: newId("movement"), variantId, kind, quantity, orderId } });
  }
}
