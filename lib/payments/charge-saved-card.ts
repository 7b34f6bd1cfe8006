import Stripe from "stripe";
import type { OrderId, PaymentId } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { findFailure } from "@/lib/vendor-failures";
import { idempotencyKey } from "./idempotency-key";
import { readCard } from "./read-card";
import { type PaymentAtStripe, toPaymentAtStripe } from "./read-payment";
import { callStripe } from "./stripe-client";

export type SavedCardPayment = {
  paymentId: PaymentId;
  stripeCustomerId: string;
  /** When the payment was begun here. */
  begunAt: Date;
};

export type SavedCardRequest = SavedCardPayment & {
  orderId: OrderId;
  orderNumber: number;
  amount: Money;
  paymentMethodId: string;
  attempt: number;
};

/**
 * What the bank said. `declined` is for good; `shopper-needed` is not: on Stripe's page the shopper can confirm it, or
 * take another card. `paymentIntentId` is what the refused try left at Stripe, if anything. `unsettled`: it was asked, and
 * has not answered yet.
 */
export type BankAnswer =
  | { kind: "authorized"; payment: PaymentAtStripe }
  | { kind: "unsettled"; paymentIntentId: string }
  | { kind: "declined" | "shopper-needed"; paymentIntentId: string | null; code: string };

/** How far clocks may be apart. */
const leewayMs = 24 * 60 * 60_000;

/**
 * Looks up what became of a payment with a saved card, by the id of ours that went with it; null where Stripe never heard
 * of it. Lists, unlike searches, hold what was written just now.
 */
export function findSavedCardPayment(asked: SavedCardPayment): Promise<BankAnswer | null> {
  const { paymentId, stripeCustomerId, begunAt } = asked;
  const created = { gte: Math.floor((begunAt.getTime() - leewayMs) / 1000) };
  return callStripe(async (stripe) => {
    for await (const intent of stripe.paymentIntents.list({ customer: stripeCustomerId, created, limit: 100 }))
      if (intent.metadata.paymentId === paymentId) return toBankAnswer(intent);
    return null;
  });
}

/**
 * Has the bank authorise a payment with a card that Stripe keeps, while the shopper is not asked. Nothing is charged by
 * it: that is the capture. Sent again it is the same payment. https://docs.stripe.com/payments/without-card-authentication
 *
 * @throws TemporaryError when it is not known what happened: look (`findSavedCardPayment`), then send again.
 */
export async function chargeSavedCard(asked: SavedCardRequest): Promise<BankAnswer> {
  const { paymentId, orderId, amount, stripeCustomerId, paymentMethodId } = asked;
  return callStripe(async (stripe) => {
    try {
      const intent = await stripe.paymentIntents.create(
        {
          amount: amount.amount,
          currency: amount.currency.toLowerCase(),
          customer: stripeCustomerId,
          payment_method: paymentMethodId,
          allowed_payment_method_types: ["card"],
          capture_method: "manual",
          confirm: true,
          off_session: true,
          description: `Order ${asked.orderNumber}`,
          metadata: { orderId, paymentId },
        },
        { idempotencyKey: idempotencyKey(paymentId, "authorize", asked.attempt) },
      );
      return toBankAnswer(intent);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeCardError)
        return refused({ code: error.code, paymentIntentId: error.payment_intent?.id });
      if (error instanceof Stripe.errors.StripeInvalidRequestError && !(await isStillTheirs(asked)))
        return { kind: "shopper-needed", paymentIntentId: null, code: "card_removed" };
      throw error;
    }
  });
}

/** Stripe says in several ways that a card is not the customer's any more; the card itself says it in one. */
async function isStillTheirs({ paymentMethodId, stripeCustomerId }: SavedCardRequest): Promise<boolean> {
  return (await readCard(paymentMethodId))?.stripeCustomerId === stripeCustomerId;
}

function toBankAnswer(intent: Stripe.PaymentIntent): BankAnswer {
  const payment = toPaymentAtStripe(intent);
  if (payment.state === "authorized" || payment.state === "captured") return { kind: "authorized", payment };
  const code = intent.last_payment_error?.code;
  if (payment.state === "unfinished" && !code) return { kind: "unsettled", paymentIntentId: intent.id };
  return refused({ code, paymentIntentId: intent.id });
}

function refused({ code, paymentIntentId = null }: { code?: string; paymentIntentId?: string | null }): BankAnswer {
  const { reaction } = findFailure("stripe", { status: 402, code });
  const kind = reaction === "ask" ? "shopper-needed" : "declined";
  return { kind, paymentIntentId, code: code ?? "unknown" };
}
