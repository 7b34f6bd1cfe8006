import { transaction } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { sellReserved } from "@/lib/inventory/sell-reserved";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";

/**
 * Writes down that the card was charged: the order is confirmed, its stock is sold, and the mail and the parcel are
 * asked for. Of several callers one does it, the others find it done.
 */
export async function confirmOrder(order: { orderId: OrderId; paymentId: PaymentId; now: Date }): Promise<void> {
  const { orderId, paymentId, now } = order;
  await transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const captured = await tx.payment.updateMany({
      where: { id: paymentId, state: "authorized" },
      data: { state: "captured", capturedAt: now },
    });
    if (captured.count === 0) return;
    const confirmed = await changeOrder(tx, {
      orderId,
      action: "confirm",
      data: { status: "confirmed", paymentStatus: "paid", confirmedAt: now },
      actor: { kind: "system" },
      message: "The card was charged and the order confirmed.",
      now,
    });
    invariant(confirmed, "an order is pending until its charged payment confirms it");
    await sellReserved(tx, orderId);
    const tags = [orderRunTag(orderId)];
    await addToOutbox(tx, "order.notify", {
      key: `order:${orderId}:notify:confirmation`,
      payload: { orderId, notice: "confirmation" },
      tags,
    });
    await addToOutbox(tx, "order.fulfil", { key: `order:${orderId}:fulfil`, payload: { orderId }, tags });
  });
}
