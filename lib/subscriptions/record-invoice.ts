import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import type { InvoiceAtStripe } from "@/lib/payments/read-invoice";

/**
 * Keeps the row of a subscription's invoice in step with Stripe. Told twice or in the wrong order it comes out the
 * same: what was paid stays paid. False where the subscription is none of ours.
 */
export async function recordInvoice(tx: Tx, invoice: InvoiceAtStripe, now: Date): Promise<boolean> {
  const { stripeInvoiceId, stripeSubscriptionId, state, amount } = invoice;
  if (!stripeSubscriptionId) return false;
  const subscription = await tx.subscription.findUnique({ where: { stripeSubscriptionId } });
  if (!subscription) return false;
  if (state === "open") return true;
  const facts = {
    status: state,
    amount: amount.amount,
    currency: amount.currency,
    paidAt: state === "paid" ? (invoice.paidAt ?? now) : null,
  };
  const made = await tx.subscriptionInvoice.createMany({
    data: [{ id: newId("subscriptionInvoice"), subscriptionId: subscription.id, stripeInvoiceId, ...facts }],
    skipDuplicates: true,
  });
  if (made.count === 0)
    await tx.subscriptionInvoice.updateMany({ where: { stripeInvoiceId, status: "failed" }, data: facts });
  return true;
}
