import { cardName } from "@/lib/cards/card-words";
import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type BankAnswer, chargeSavedCard } from "@/lib/payments/charge-saved-card";
import { askShopper } from "./ask-shopper";
import { declinePayment } from "./decline-payment";
import type { PayablePayment } from "./find-payment-state";
import { givePaymentBack } from "./give-payment-back";
import type { Tell } from "./order-progress";
import { recordCardPayment } from "./record-payment";
import { type CardPayment, findAtStripe, readCardPayment } from "./saved-card-payment";
import { nextAttempt, noteIfUnclear } from "./unclear-answer";

type Run = { orderId: OrderId; now: Date; tell: Tell };

const notCharged = "You have not been charged.";

/**
 * Has the bank authorise the saved card of an order. Null where nothing is left to charge here: the bank refused and the
 * order is over, the shopper is asked to pay on Stripe's page, or the order had ended meanwhile.
 *
 * May be run again at any time, and several at once: what Stripe knows of the payment is looked up before anything is
 * sent, and what is sent twice is one payment. What the bank refused is cancelled before the refusal counts here, so that
 * no later payment can come on top of it.
 *
 * @throws TemporaryError (run it again)
 */
export async function authorizeSavedCard(run: Run, paymentId: PaymentId): Promise<PayablePayment | null> {
  const { orderId, now, tell } = run;
  tell("charge", "We are asking your bank.");
  const payment = await readCardPayment(paymentId);
  if (payment.state === "failed") return null;
  const answer = await askBank(payment, run);
  await crashPoint("process-order.bank-answered");
  if (answer.kind === "unsettled")
    throw new TemporaryError({ vendor: "stripe", message: `${answer.paymentIntentId} is not settled yet` });
  if (answer.kind === "authorized") return takeUp(payment, answer.payment.paymentIntentId, run);

  const { paymentIntentId } = answer;
  if (paymentIntentId) await givePaymentBack({ orderId, payment: { id: paymentId, paymentIntentId }, now });
  await crashPoint("process-order.refusal-cancelled");
  const reason = reasonOf(answer, payment);
  const end = answer.kind === "declined" ? declinePayment : askShopper;
  await transaction((tx) => end(tx, { payment, paymentIntentId, reason, now }));
  tell("charge", reason);
  return null;
}

async function askBank(payment: CardPayment, { orderId, now }: Run): Promise<BankAnswer> {
  const { savedCard, amount, currency, createdAt } = payment;
  // Read before the look: another run that tries meanwhile either is seen by it, or has the same key.
  const attempt = await nextAttempt(orderId, "authorize");
  const known = await findAtStripe(payment);
  if (known) return known;
  if (savedCard.state !== "kept") return { kind: "shopper-needed", paymentIntentId: null, code: "card_removed" };
  const { number } = await db().order.findUniqueOrThrow({ where: { id: orderId }, select: { number: true } });
  return chargeSavedCard({
    paymentId: payment.id as PaymentId,
    orderId,
    orderNumber: number,
    amount: money(amount, currency),
    stripeCustomerId: savedCard.stripeCustomerId,
    paymentMethodId: savedCard.paymentMethodId,
    begunAt: createdAt,
    attempt,
  }).catch((error: unknown) => noteIfUnclear({ orderId, step: "authorize", error, now }));
}

/** The order may have ended while the bank was asked: then the authorisation is nobody's, and is given back. */
async function takeUp(
  payment: CardPayment,
  paymentIntentId: string,
  { orderId, now }: Run,
): Promise<PayablePayment | null> {
  const known = { id: payment.id as PaymentId, paymentIntentId };
  const isOurs = await transaction((tx) => recordCardPayment(tx, payment, { paymentIntentId, isNoticed: false, now }));
  if (isOurs) return known;
  await givePaymentBack({ orderId, payment: known, now });
  return null;
}

function reasonOf({ code }: { code: string }, { savedCard }: CardPayment): string {
  const card = cardName(savedCard);
  switch (code) {
    case "authentication_required":
      return `Your bank wants you to confirm the payment with your ${card}. ${notCharged}`;
    case "expired_card":
      return `Your ${card} has expired. ${notCharged}`;
    case "card_removed":
      return `Your ${card} was removed from your account. ${notCharged}`;
    default:
      return `Your bank declined the payment with your ${card}. ${notCharged}`;
  }
}
