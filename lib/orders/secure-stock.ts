import type { Order } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { takeDiscount } from "@/lib/discounts/take-discount";
import type { OrderId, VariantId } from "@/lib/ids";
import { retakeStock } from "@/lib/inventory/retake-stock";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";

/**
 * Turns the hold of a paid order into a reservation that no sweep takes back. An order that expired while its payment
 * was on the way is opened again if its stock and its discount can be had again. May be repeated.
 *
 * @throws OutOfStockError, DiscountRefusedError when they cannot; nothing was changed then.
 */
export async function secureStock({ orderId, now }: { orderId: OrderId; now: Date }): Promise<void> {
  await transaction(async (tx) => {
    await lockOrder(tx, orderId);
    await changeOrder(tx, {
      orderId,
      action: "reopen",
      data: { status: "pending" },
      actor: { kind: "system" },
      message: "The payment came after the time to pay, and the items could be set aside again.",
      now,
    });
    const order = await tx.order.findUniqueOrThrow({
      where: { id: orderId },
      include: { lines: true },
    });
    if (order.status !== "pending") return;
    const lines = order.lines.flatMap(({ variantId, quantity }) =>
      variantId ? [{ variantId: variantId as VariantId, quantity }] : [],
    );
    await retakeStock(tx, { orderId, lines });
    await retakeDiscount(tx, order);
  });
}

/** An order that expired gave its use of a discount back. */
async function retakeDiscount(tx: Tx, { id, discountId, email }: Order): Promise<void> {
  if (!discountId || (await tx.discountUse.count({ where: { orderId: id } })) > 0) return;
  const discount = await tx.discount.findUniqueOrThrow({ where: { id: discountId } });
  await takeDiscount(tx, { orderId: id as OrderId, email, discount });
}
