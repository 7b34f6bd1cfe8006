import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";

/** Holds the order until the transaction ends. Taken before its payments and its stock, always in this order. */
export async function lockOrder(tx: Tx, orderId: OrderId): Promise<void> {
  await tx.$queryRaw`select 1 from "order" where id = ${orderId} for update`;
}
