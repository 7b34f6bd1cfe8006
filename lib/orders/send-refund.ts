import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { Payment, Refund, RefundState } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
import type { OrderId, RefundId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { StripeServerError } from "@/lib/payments/errors";
import { listRefunds } from "@/lib/payments/read-refunds";
import { refundPayment } from "@/lib/payments/refund-payment";
import { addOrderEvent } from "./change-order";
import { RefundNotFoundError } from "./errors";
import { lockOrder } from "./lock-order";
import { isRefundOff } from "./refund-status";
import { type RefundOutcome, settleRefund } from "./settle-refund";

type PromisedRefund = Refund & { payment: Payment };

export type SentRefund = { refundId: RefundId; state: RefundState };

/**
 * Has Stripe give back what was promised, once, and writes down what became of it.
 *
 * May be run at any time, again, and several at once: Stripe is asked first whether it has the refund, since the answer
 * to an earlier try may have been lost. What Stripe refuses is over, and its amount free again.
 *
 * @throws RefundNotFoundError, PaymentMisconfiguredError, TemporaryError (run it again)
 */
export async function sendRefund({ refundId, now }: { refundId: RefundId; now: Date }): Promise<SentRefund> {
  // Read before Stripe is asked: whoever raised `attempt` had sent what is then found there.
  const refund = await db().refund.findUnique({ where: { id: refundId }, include: { payment: true } });
  if (!refund) throw new RefundNotFoundError(refundId);
  if (refund.state === "succeeded" || isRefundOff(refund.state)) return { refundId, state: refund.state };

  const outcome = (await findAtStripe(refund)) ?? (await send(refund, now));
  await crashPoint("refund-order.sent");
  await transaction(async (tx) => {
    await lockOrder(tx, refund.orderId as OrderId);
    await settleRefund(tx, refund, { outcome, now });
  });
  const { state } = await db().refund.findUniqueOrThrow({ where: { id: refundId } });
  return { refundId, state };
}

function paymentIntentOf({ payment }: PromisedRefund): string {
  invariant(payment.paymentIntentId, "what was captured has a payment at Stripe");
  return payment.paymentIntentId;
}

async function findAtStripe(refund: PromisedRefund): Promise<RefundOutcome | undefined> {
  const refunds = await listRefunds(paymentIntentOf(refund));
  return refunds.find(({ refundId, stripeRefundId }) =>
    refund.stripeRefundId ? stripeRefundId === refund.stripeRefundId : refundId === refund.id,
  );
}

async function send(refund: PromisedRefund, now: Date): Promise<RefundOutcome> {
  const sent = await refundPayment({
    refundId: refund.id as RefundId,
    orderId: refund.orderId as OrderId,
    paymentIntentId: paymentIntentOf(refund),
    amount: money(refund.amount, refund.currency),
    reason: stripeReason(refund),
    attempt: refund.attempt,
  }).catch((error: unknown) => noteIfUnclear(refund, error, now));
  if (sent.kind === "sent") return sent.refund;
  // Refused for having been done is not refused.
  const done = await findAtStripe(refund);
  return done ?? { state: "failed", stripeRefundId: null, failureReason: sent.reason };
}

function stripeReason({ reason }: Refund): "duplicate" | "fraudulent" | "requested_by_customer" | null {
  switch (reason) {
    case "duplicate":
    case "fraudulent":
      return reason;
    case "other":
      return null;
    default:
      return "requested_by_customer";
  }
}

/**
 * Notes that Stripe answered with an error of its own, and throws it on. It repeats that answer under the same key, so
 * the next try, which looks first, takes another one; of several who heard the answer one raises the count.
 */
async function noteIfUnclear({ id, orderId, attempt }: PromisedRefund, error: unknown, now: Date): Promise<never> {
  if (error instanceof StripeServerError)
    await transaction(async (tx) => {
      const raised = await tx.refund.updateMany({ where: { id, attempt }, data: { attempt: attempt + 1 } });
      if (raised.count === 0) return;
      await addOrderEvent(tx, {
        orderId: orderId as OrderId,
        kind: "refund-unclear",
        actor: { kind: "system" },
        message: "Stripe did not say whether the refund was done. It is looked up before the next try.",
        now,
      });
    });
  throw error;
}
