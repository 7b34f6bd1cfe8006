import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { endReservations } from "./end-reservations";

/** Gives back what an order holds. Does nothing where it holds nothing, so it may be repeated. */
export async function releaseReservation(tx: Tx, orderId: OrderId): Promise<void> {
  await endReservations(tx, orderId, "released");
}
