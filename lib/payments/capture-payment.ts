import Stripe from "stripe";
import { TemporaryError } from "@/lib/errors";
import type { PaymentId } from "@/lib/ids";
import { idempotencyKey } from "./idempotency-key";
import { type PaymentAtStripe, readPayment, toPaymentAtStripe } from "./read-payment";
import { callStripe } from "./stripe-client";
import { isUnexpectedState } from "./stripe-errors";

type Step = { paymentId: PaymentId; paymentIntentId: string; attempt?: number };

/**
 * Charges what was authorised, in full, at most once. False where there is nothing (left) that can be charged: it was
 * given back, or the bank refused.
 *
 * @throws TemporaryError when it is not known what happened: look again (`readPayment`), never undo.
 */
export async function capturePayment(step: Step): Promise<boolean> {
  const payment = await settle(step, "capture", (stripe, options) =>
    stripe.paymentIntents.capture(step.paymentIntentId, {}, options),
  );
  return payment.state === "captured";
}

/**
 * Gives an authorisation back; it may be given back already. `captured` says that it was charged first.
 *
 * @throws TemporaryError when it is not known what happened: look again.
 */
export async function voidPayment(step: Step): Promise<"voided" | "captured"> {
  const { state } = await settle(step, "cancel", (stripe, options) =>
    stripe.paymentIntents.cancel(step.paymentIntentId, {}, options),
  );
  if (state === "authorized") throw notSettled(step);
  return state;
}

async function settle(
  step: Step,
  name: "capture" | "cancel",
  send: (stripe: Stripe, options: Stripe.RequestOptions) => Promise<Stripe.PaymentIntent>,
): Promise<PaymentAtStripe & { state: "authorized" | "captured" | "voided" }> {
  const intent = await callStripe(async (stripe) => {
    try {
      return await send(stripe, { idempotencyKey: idempotencyKey(step.paymentId, name, step.attempt) });
    } catch (error) {
      // Somebody was faster, or the bank refused: Stripe's state says which.
      if (isUnexpectedState(error) || error instanceof Stripe.errors.StripeCardError) return undefined;
      throw error;
    }
  });
  const payment = intent ? toPaymentAtStripe(intent) : await readPayment(step.paymentIntentId);
  if (payment.state === "unfinished") throw notSettled(step);
  return { ...payment, state: payment.state };
}

function notSettled({ paymentIntentId }: Step): TemporaryError {
  return new TemporaryError({ vendor: "stripe", message: `${paymentIntentId} is not settled yet` });
}
