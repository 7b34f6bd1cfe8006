import { db } from "@/lib/db/client";
import type { Payment, SavedCard } from "@/lib/db/generated/client";
import { invariant } from "@/lib/errors";
import type { PaymentId } from "@/lib/ids";
import { type BankAnswer, findSavedCardPayment } from "@/lib/payments/charge-saved-card";

/** A payment with a saved card, and the card. */
export type CardPayment = Payment & { savedCard: SavedCard };

/** @throws invariant: a payment with a saved card is written with its card, and cards are never deleted before it */
export async function readCardPayment(paymentId: string): Promise<CardPayment> {
  const payment = await db().payment.findUniqueOrThrow({ where: { id: paymentId }, include: { savedCard: true } });
  const { savedCard } = payment;
  invariant(savedCard, "a payment with a saved card names its card");
  return { ...payment, savedCard };
}

/** What became of it at Stripe; null where Stripe never heard of it. */
export function findAtStripe({ id, createdAt, savedCard }: CardPayment): Promise<BankAnswer | null> {
  const { stripeCustomerId } = savedCard;
  return findSavedCardPayment({ paymentId: id as PaymentId, stripeCustomerId, begunAt: createdAt });
}
