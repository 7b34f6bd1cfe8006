import type { Discount } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { DiscountRefusedError } from "./errors";

/**
 * Counts an order as a use of a discount, by one conditional statement: the last use goes to one order, and where a
 * discount may be used once per address, to one order of it. Taken after the stock, always in this order.
 *
 * @throws DiscountRefusedError (used up, or used before with this address)
 */
export async function takeDiscount(
  tx: Tx,
  { orderId, email, discount }: { orderId: OrderId; email: string; discount: Discount },
): Promise<void> {
  const { id, code, oncePerEmail } = discount;
  const counted = await tx.$executeRaw`
    update discount set used_count = used_count + 1
    where id = ${id} and (usage_max is null or used_count < usage_max)`;
  if (counted === 0) throw new DiscountRefusedError(code, { kind: "used-up" });
  const noted = await tx.$executeRaw`
    insert into discount_use (order_id, discount_id, email) values (${orderId}, ${id}, ${oncePerEmail ? email : null})
    on conflict (discount_id, email) do nothing`;
  if (noted === 0) throw new DiscountRefusedError(code, { kind: "used-before" });
}
