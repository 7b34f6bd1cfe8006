import { crashPoint } from "@/lib/crash-point";
import { type Tx, transaction } from "@/lib/db/transaction";
import { giveDiscountBack } from "@/lib/discounts/give-discount-back";
import type { OrderId, PaymentId } from "@/lib/ids";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { givePaymentBack } from "./give-payment-back";
import { lockOrder } from "./lock-order";

type Failure = {
  orderId: OrderId;
  payment: { id: PaymentId; paymentIntentId: string };
  reason: string;
  now: Date;
};

/**
 * Undoes what was done for an order that cannot be charged: the authorisation is given back at Stripe, the stock goes
 * back on sale, the order ends and the shopper is told. May be repeated.
 *
 * Stripe decides: `captured` says that the card had been charged after all; then nothing is undone and the caller goes
 * forward.
 */
export async function failPayment(failure: Failure): Promise<"failed" | "captured"> {
  const { orderId, payment, now } = failure;
  if ((await givePaymentBack({ orderId, payment, now })) === "captured") return "captured";
  await crashPoint("process-order.voided");
  await transaction((tx) => writeDown(tx, failure));
  return "failed";
}

async function writeDown(tx: Tx, { orderId, payment, reason, now }: Failure): Promise<void> {
  await lockOrder(tx, orderId);
  const voided = await tx.payment.updateMany({
    where: { id: payment.id, state: "authorized" },
    data: { state: "voided", failureReason: reason },
  });
  if (voided.count === 0) return;
  await releaseReservation(tx, orderId);
  await giveDiscountBack(tx, orderId);
  const change = { orderId, actor: { kind: "system" }, message: reason, now } as const;
  const failed = await changeOrder(tx, {
    ...change,
    action: "fail",
    data: { status: "cancelled", paymentStatus: "failed", cancelReason: reason },
  });
  if (!failed) await changeOrder(tx, { ...change, action: "refuse", data: { paymentStatus: "failed" } });
  await addToOutbox(tx, "order.notify", {
    key: `order:${orderId}:notify:payment-failed`,
    payload: { orderId, notice: "payment-failed" },
    tags: [orderRunTag(orderId)],
  });
}
