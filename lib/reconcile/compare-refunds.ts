import { db } from "@/lib/db/client";
import type { Order, Payment, RefundState } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { raiseFinding } from "@/lib/findings/raise-finding";
import type { OrderId } from "@/lib/ids";
import { format } from "@/lib/money/money";
import { RefundDoesNotFitError } from "@/lib/orders/errors";
import { recordRefunds } from "@/lib/orders/record-refunds";
import { isRefundOff, refundsThatMayBecome } from "@/lib/orders/refund-status";
import { listRefunds } from "@/lib/payments/read-refunds";
import type { ListedRefund } from "@/lib/payments/stripe-lists";
import type { Compared } from "./compared";
import { eachOf } from "./each-of";

/**
 * Compares refunds as Stripe lists them with ours: what moved there and not here is written down as if Stripe had told of
 * it. One that gives back more than is left of an order is for a person.
 */
export async function compareRefunds(refunds: readonly ListedRefund[], now: Date): Promise<Compared> {
  const [known, payments] = await Promise.all([
    db().refund.findMany({ where: { stripeRefundId: { in: refunds.map(({ stripeRefundId }) => stripeRefundId) } } }),
    db().payment.findMany({
      where: { paymentIntentId: { in: refunds.flatMap(({ paymentIntentId }) => paymentIntentId ?? []) } },
      include: { order: true },
    }),
  ]);
  const stateHere = new Map(known.map(({ stripeRefundId, state }) => [stripeRefundId, state]));
  const paymentOf = new Map(payments.map((payment) => [payment.paymentIntentId, payment]));
  return eachOf(refunds, async (found) => {
    const here = stateHere.get(found.stripeRefundId);
    const payment = paymentOf.get(found.paymentIntentId);
    if (here ? !mayBecome(here, found.state) : isRefundOff(found.state)) return "same";
    // Before the charge is written down here there is nothing to give back; then the next walk sees it.
    if (payment?.state !== "captured") return "same";
    return writeDown(payment, found, now);
  });
}

function mayBecome(here: RefundState, state: RefundState): boolean {
  return here !== state && refundsThatMayBecome(state).state.in.includes(here);
}

async function writeDown(
  payment: Payment & { order: Order },
  found: ListedRefund,
  now: Date,
): Promise<keyof Compared | "same"> {
  const { orderId, order } = payment;
  const refunds = await listRefunds(payment.paymentIntentId ?? "");
  try {
    await transaction((tx) => recordRefunds(tx, { payment, refunds, now }));
    return "repaired";
  } catch (error) {
    if (!(error instanceof RefundDoesNotFitError)) throw error;
    // What is promised here is settled first, and then it may fit.
    if ((await db().refund.count({ where: { orderId, state: "requested" } })) > 0) return "failed";
  }
  const raised = await raiseFinding(
    {
      kind: "refund-unmatched",
      subject: found.stripeRefundId,
      orderId: orderId as OrderId,
      message: `Stripe has given back ${format(found.amount)} with ${found.stripeRefundId}, which is more than is left of order #${order.number}. Look at its payment in Stripe's dashboard.`,
    },
    now,
  );
  return raised ? "raised" : "same";
}
