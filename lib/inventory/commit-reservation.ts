import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";

/** Takes the expiry off what an order holds: from now on no sweep may take it back. May be repeated. */
export async function commitReservation(tx: Tx, orderId: OrderId): Promise<void> {
  await tx.reservation.updateMany({ where: { orderId, expiresAt: { not: null } }, data: { expiresAt: null } });
}
