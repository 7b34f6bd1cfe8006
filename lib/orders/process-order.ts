import { crashPoint } from "@/lib/crash-point";
import { DiscountRefusedError } from "@/lib/discounts/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { OutOfStockError } from "@/lib/inventory/errors";
import { capturePayment } from "@/lib/payments/capture-payment";
import { authorizeSavedCard } from "./authorize-saved-card";
import { confirmOrder } from "./confirm-order";
import { failPayment } from "./fail-payment";
import { findPaymentState, type PayablePayment, type PaymentFound } from "./find-payment-state";
import { type Report, reportTo, type Tell } from "./order-progress";
import { secureStock } from "./secure-stock";
import { nextAttempt, noteIfUnclear } from "./unclear-answer";

export type ProcessedOrder = { success: boolean; orderId: OrderId; paymentId: PaymentId; processedAt: string };

type Run = { orderId: OrderId; now: Date; tell: Tell };

/**
 * Takes an order from authorised to confirmed: validate, reserve, charge, confirm; then its mail and its parcel are
 * asked for. A saved card is authorised here, too, before it is charged. The charge is the pivot: before it every step is
 * undone when the order cannot go on (the shopper is told and not charged), after it there is only forward.
 *
 * May be run at any time, again, and several at once: every step asks first how things stand, at Stripe where it is
 * about money, so that the card is charged at most once. An outcome that is not known is looked up, never undone
 * blindly. `success` is false where the card was not charged: the order ended, or its shopper was asked to pay.
 *
 * @throws OrderNotFoundError, OrderNotPaidError, PaymentMismatchError, TemporaryError (run it again)
 */
export async function processOrder(asked: { orderId: OrderId; now: Date; report?: Report }): Promise<ProcessedOrder> {
  const { orderId, now } = asked;
  const tell = reportTo(asked.report);
  tell("validate", "We are checking your payment.");
  const found = await findPaymentState({ orderId, now });
  const success = found.kind === "done" ? found.success : await bringToAnEnd({ orderId, now, tell }, found);
  return { success, orderId, paymentId: found.payment.id, processedAt: now.toISOString() };
}

async function bringToAnEnd(run: Run, found: Exclude<PaymentFound, { kind: "done" }>): Promise<boolean> {
  if (found.kind === "unpayable") return undo(run, found.payment, found.reason);

  run.tell("reserve", "We are setting your items aside.");
  try {
    await secureStock(run);
  } catch (error) {
    const gone = whatIsGone(error);
    if (!gone || found.kind === "captured" || found.kind === "saved-card") throw error;
    return undo(run, found.payment, `${gone} before your payment arrived. You have not been charged.`);
  }
  await crashPoint("process-order.reserved");

  const payment = found.kind === "saved-card" ? await authorizeSavedCard(run, found.payment.id) : found.payment;
  if (!payment) return false;
  if (found.kind !== "captured" && !(await charge(run, payment)))
    return undo(run, payment, "The charge of your card did not go through. You have not been charged.");
  return confirm(run, payment);
}

function whatIsGone(error: unknown): string | undefined {
  if (error instanceof OutOfStockError) return "An item was sold out";
  return error instanceof DiscountRefusedError ? "The discount was used up" : undefined;
}

async function charge({ orderId, now, tell }: Run, payment: PayablePayment): Promise<boolean> {
  tell("charge", "We are charging your card.");
  const attempt = await nextAttempt(orderId, "capture");
  const { id: paymentId, paymentIntentId } = payment;
  await crashPoint("process-order.authorized");
  const charged = await capturePayment({ paymentId, paymentIntentId, attempt }).catch((error: unknown) =>
    noteIfUnclear({ orderId, step: "capture", error, now }),
  );
  await crashPoint("process-order.captured");
  return charged;
}

async function confirm({ orderId, now, tell }: Run, payment: PayablePayment): Promise<true> {
  tell("confirm", "We are confirming your order.");
  await confirmOrder({ orderId, paymentId: payment.id, now });
  tell("notify", "Your confirmation is on its way to your inbox.");
  tell("fulfil", "Your order is confirmed and goes to the warehouse.");
  return true;
}

/** Everything before the charge, undone; unless Stripe says that the card has been charged after all. */
async function undo(run: Run, payment: PayablePayment, reason: string): Promise<boolean> {
  const { orderId, now, tell } = run;
  if ((await failPayment({ orderId, payment, reason, now })) === "captured") {
    await secureStock(run);
    return confirm(run, payment);
  }
  tell("validate", reason);
  return false;
}
