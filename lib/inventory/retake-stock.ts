import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { commitReservation } from "./commit-reservation";
import { holdStock, type StockLine } from "./hold-stock";

/**
 * Makes sure an order holds all its stock without expiry: keeps what it still holds and takes again what it lost. May
 * be repeated; the caller has locked the order.
 *
 * @throws OutOfStockError when what was lost has gone to somebody else.
 */
export async function retakeStock(
  tx: Tx,
  { orderId, lines }: { orderId: OrderId; lines: readonly StockLine[] },
): Promise<void> {
  const held = await tx.reservation.findMany({ where: { orderId }, select: { variantId: true } });
  const heldVariants = new Set<string>(held.map(({ variantId }) => variantId));
  await commitReservation(tx, orderId);
  const lost = lines.filter(({ variantId }) => !heldVariants.has(variantId));
  await holdStock(tx, { orderId, lines: lost, expiresAt: null });
}
