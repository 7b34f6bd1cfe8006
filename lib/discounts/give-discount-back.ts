import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";

/** Gives the use of a discount back that an order counts as. Does nothing where it counts as none, so it may be repeated. */
export async function giveDiscountBack(tx: Tx, orderId: OrderId): Promise<void> {
  await tx.$executeRaw`
    with given_back as (delete from discount_use where order_id = ${orderId} returning discount_id)
    update discount set used_count = used_count - 1 from given_back where discount.id = given_back.discount_id`;
}
