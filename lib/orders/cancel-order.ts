import { type Actor, requireStaff, type StaffActor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Payment } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { giveDiscountBack } from "@/lib/discounts/give-discount-back";
import { TemporaryError } from "@/lib/errors";
import { newId, type OrderId, type PaymentId } from "@/lib/ids";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { expireCheckoutSession } from "@/lib/payments/checkout-session";
import { orderRunTag } from "@/lib/runs/tags";
import { cancelPaid } from "./cancel-paid";
import { changeOrder } from "./change-order";
import { closeUnpaid } from "./close-unpaid";
import { CancelUnavailableError, OrderActionRefusedError, OrderNotFoundError } from "./errors";
import { givePaymentBack } from "./give-payment-back";
import { lockOrder } from "./lock-order";
import { canPerform } from "./order-status";
import { recordPayment } from "./record-payment";
import { stopCardPayment } from "./stop-card-payment";

type Cancellation = { actor: StaffActor; orderId: OrderId; reason: string; now: Date };

/**
 * Staff end an order that has not left. One that has not been charged: Stripe's page is closed or the authorisation given
 * back, the stock goes back on sale, the shopper is told; Stripe decides a race with the charge. One that has: it is
 * refunded (see `cancelPaid`). May be repeated after a failure.
 *
 * @throws NotAllowedError, OrderNotFoundError, OrderActionRefusedError (left, or over), RefundRefusedError,
 *   CancelUnavailableError (Stripe cannot be reached) or TemporaryError (we are busy ourselves): nothing was changed that
 *   trying again would not finish
 */
export async function cancelOrder(asked: {
  actor: Actor;
  orderId: OrderId;
  reason?: string;
  now: Date;
}): Promise<void> {
  const { actor, orderId, now } = asked;
  requireStaff(actor);
  const cancellation = { actor, orderId, now, reason: asked.reason ?? "The store cancelled the order." };
  const { order, payment } = await readOrder(orderId);
  if (canPerform("cancelPaid", order)) return cancelCharged(cancellation);
  if (!payment || !canPerform("cancel", order)) throw refusal(order.status);
  const cancel = order.paymentStatus === "unpaid" ? cancelUnpaid : cancelAuthorized;
  const done = await cancel(cancellation, payment).catch((error: unknown) => {
    const isStripeAway = error instanceof TemporaryError && error.vendor === "stripe";
    throw isStripeAway ? new CancelUnavailableError(error) : error;
  });
  if (!done) throw refusal((await readOrder(orderId)).order.status);
}

async function cancelCharged({ actor, orderId, reason, now }: Cancellation): Promise<void> {
  const done = await transaction(async (tx) => {
    const cancelled = await cancelPaid(tx, { orderId, action: "cancelPaid", reason, actor, now });
    if (cancelled) await note(tx, { actor, orderId, now });
    return cancelled;
  });
  if (!done) throw refusal((await readOrder(orderId)).order.status);
}

async function readOrder(orderId: OrderId) {
  const order = await db().order.findUnique({
    where: { id: orderId },
    include: { payments: { where: { state: { in: ["created", "authorized"] } } } },
  });
  if (!order) throw new OrderNotFoundError();
  return { order, payment: order.payments[0] };
}

function refusal(status: string, why?: string): OrderActionRefusedError {
  const changed = status === "pending" ? "it has just changed, so try again" : undefined;
  return new OrderActionRefusedError("cancel", status, why ?? changed);
}

async function cancelUnpaid(cancellation: Cancellation, payment: Payment): Promise<boolean> {
  const { actor, orderId, reason, now } = cancellation;
  if (payment.kind === "saved_card") {
    const stopped = await stopCardPayment(payment, now);
    if (stopped.kind === "moved-on") return false;
    if (stopped.kind === "paid")
      return cancelAuthorized(cancellation, { ...payment, paymentIntentId: stopped.paymentIntentId });
  }
  const session = payment.sessionId ? await expireCheckoutSession(payment.sessionId) : undefined;
  if (session?.kind === "complete") {
    await transaction((tx) => recordPayment(tx, { ...session, now }));
    return cancelAuthorized(cancellation, { ...payment, paymentIntentId: session.payment.paymentIntentId });
  }
  return transaction(async (tx) => {
    const closed = await closeUnpaid(tx, payment, {
      action: "cancel",
      data: { status: "cancelled", cancelReason: reason },
      reason,
      actor,
      message: reason,
      now,
    });
    if (closed) await tellAndNote(tx, { actor, orderId, now });
    return closed;
  });
}

async function cancelAuthorized(cancellation: Cancellation, payment: Payment): Promise<boolean> {
  const { actor, orderId, reason, now } = cancellation;
  const { id, paymentIntentId } = payment;
  if (!paymentIntentId) return false;
  const outcome = await givePaymentBack({ orderId, payment: { id: id as PaymentId, paymentIntentId }, now });
  if (outcome === "captured")
    throw refusal("pending", "the card has just been charged, so try again to have it refunded");
  return transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const changed = await changeOrder(tx, {
      orderId,
      action: "cancel",
      data: { status: "cancelled", paymentStatus: "unpaid", cancelReason: reason },
      actor,
      message: reason,
      now,
    });
    if (!changed) return false;
    await tx.payment.updateMany({
      where: { id: payment.id, state: "authorized" },
      data: { state: "voided", failureReason: reason },
    });
    await releaseReservation(tx, orderId);
    await giveDiscountBack(tx, orderId);
    await tellAndNote(tx, { actor, orderId, now });
    return true;
  });
}

async function tellAndNote(tx: Tx, { actor, orderId, now }: Omit<Cancellation, "reason">): Promise<void> {
  await addToOutbox(tx, "order.notify", {
    key: `order:${orderId}:notify:cancelled`,
    payload: { orderId, notice: "cancelled" },
    tags: [orderRunTag(orderId)],
  });
  await note(tx, { actor, orderId, now });
}

async function note(tx: Tx, { actor, orderId, now }: Omit<Cancellation, "reason">): Promise<void> {
  await tx.auditEntry.create({
    data: { id: newId("audit"), actorId: actor.userId, action: "order.cancel", subject: orderId, createdAt: now },
  });
}
