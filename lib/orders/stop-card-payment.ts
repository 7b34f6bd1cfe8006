import type { Payment } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId, PaymentId } from "@/lib/ids";
import { givePaymentBack } from "./give-payment-back";
import { recordCardPayment } from "./record-payment";
import { findAtStripe, readCardPayment } from "./saved-card-payment";

/**
 * For an order that is to end while its saved card may be being charged: Stripe decides. What the bank authorised is noted
 * (`paid`), and anything else that Stripe has of the payment is cancelled. `moved-on`: it was over here before.
 */
export async function stopCardPayment(
  payment: Payment,
  now: Date,
): Promise<
  { kind: "paid"; paymentIntentId: string } | { kind: "unpaid"; paymentIntentId: string | null } | { kind: "moved-on" }
> {
  const found = await findAtStripe(await readCardPayment(payment.id));
  if (found?.kind === "authorized") {
    const { paymentIntentId } = found.payment;
    const noted = await transaction((tx) => recordCardPayment(tx, payment, { paymentIntentId, isNoticed: true, now }));
    return noted ? { kind: "paid", paymentIntentId } : { kind: "moved-on" };
  }
  const paymentIntentId = found?.paymentIntentId ?? null;
  if (paymentIntentId)
    await givePaymentBack({
      orderId: payment.orderId as OrderId,
      payment: { id: payment.id as PaymentId, paymentIntentId },
      now,
    });
  return { kind: "unpaid", paymentIntentId };
}
