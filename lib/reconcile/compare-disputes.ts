import { db } from "@/lib/db/client";
import type { Dispute } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { recordDispute } from "@/lib/orders/record-dispute";
import { type DisputeAtStripe, readDispute } from "@/lib/payments/read-dispute";
import type { Compared } from "./compared";
import { eachOf } from "./each-of";

/** Compares disputes as Stripe lists them with ours: what moved there is written down as if Stripe had told of it. */
export async function compareDisputes(disputes: readonly DisputeAtStripe[], now: Date): Promise<Compared> {
  const [known, payments] = await Promise.all([
    db().dispute.findMany({ where: { stripeDisputeId: { in: disputes.map((found) => found.stripeDisputeId) } } }),
    db().payment.findMany({
      where: { paymentIntentId: { in: disputes.flatMap(({ paymentIntentId }) => paymentIntentId ?? []) } },
    }),
  ]);
  const before = new Map(known.map((row) => [row.stripeDisputeId, row]));
  const paymentOf = new Map(payments.map((payment) => [payment.paymentIntentId, payment]));
  return eachOf(disputes, async ({ stripeDisputeId, paymentIntentId, ...listed }) => {
    const row = before.get(stripeDisputeId) ?? null;
    const payment = paymentOf.get(paymentIntentId);
    if (!payment || (row && stands(row, listed))) return "same";
    const found = await readDispute(stripeDisputeId);
    if (!found) return "same";
    const written = await transaction((tx) => recordDispute(tx, { payment, before: row, found, now }));
    return written ? "repaired" : "same"; // else a webhook was faster
  });
}

function stands(row: Dispute, listed: Pick<DisputeAtStripe, "status" | "amountWithdrawn" | "blocksRefunds">): boolean {
  return (
    row.status === listed.status &&
    row.amountWithdrawn === listed.amountWithdrawn &&
    row.blocksRefunds === listed.blocksRefunds
  );
}
