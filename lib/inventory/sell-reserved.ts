import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { endReservations } from "./end-reservations";

/** Turns what an order holds into goods that left: on hand and reserved both go down. May be repeated. */
export async function sellReserved(tx: Tx, orderId: OrderId): Promise<void> {
  await endReservations(tx, orderId, "sold");
}
