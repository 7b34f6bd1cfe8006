import type { OrderId, PaymentId } from "@/lib/ids";
import { voidPayment } from "@/lib/payments/capture-payment";
import { nextAttempt, noteIfUnclear } from "./unclear-answer";

/** Gives the authorisation back at Stripe, which decides: `captured` says that the card was charged first. Repeatable. */
export async function givePaymentBack(asked: {
  orderId: OrderId;
  payment: { id: PaymentId; paymentIntentId: string };
  now: Date;
}): Promise<"voided" | "captured"> {
  const { orderId, payment, now } = asked;
  const attempt = await nextAttempt(orderId, "cancel");
  const step = { paymentId: payment.id, paymentIntentId: payment.paymentIntentId, attempt };
  return voidPayment(step).catch((error: unknown) => noteIfUnclear({ orderId, step: "cancel", error, now }));
}
