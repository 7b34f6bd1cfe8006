import { db } from "@/lib/db/client";
import { type InvoiceAtStripe, invoiceOfEvent, readInvoice } from "@/lib/payments/read-invoice";
import { readSubscription, type SubscriptionAtStripe, subscriptionOfEvent } from "@/lib/payments/read-subscription";
import { recordInvoice } from "@/lib/subscriptions/record-invoice";
import { type SubscriptionVersion, syncSubscription } from "@/lib/subscriptions/sync-subscription";
import { StaleAnswerError } from "./errors";
import type { EventHandler } from "./event-handler";

/** A renewal was paid, or was tried in vain: its row and the subscription's follow. */
export const onInvoice: EventHandler = async ({ type, objectId, object }, now) => {
  const invoice = (await readInvoice(objectId)) ?? invoiceOfEvent(type, object);
  const before = invoice?.stripeSubscriptionId ? await findVersion(invoice.stripeSubscriptionId) : null;
  if (!invoice || !before) return async () => "ignored";
  const subscription = (await readSubscription(before.stripeSubscriptionId)) ?? impliedBy(invoice);
  return async (tx) => {
    await recordInvoice(tx, invoice, now);
    if (subscription && !(await syncSubscription(tx, before, subscription, now)))
      throw new StaleAnswerError("subscription");
    return "handled";
  };
};

/** The subscription changed in some way: ours follows. One that Stripe does not show any more says nothing. */
export const onSubscriptionUpdated = followSubscription(() => null);

/** The subscription is over. */
export const onSubscriptionEnded = followSubscription(subscriptionOfEvent);

function followSubscription(ofEvent: (object: unknown) => SubscriptionAtStripe | null): EventHandler {
  return async ({ objectId, object }, now) => {
    const before = await findVersion(objectId);
    if (!before) return async () => "ignored";
    const subscription = (await readSubscription(objectId)) ?? ofEvent(object);
    return async (tx) => {
      if (!subscription) return "ignored";
      if (!(await syncSubscription(tx, before, subscription, now))) throw new StaleAnswerError("subscription");
      return "handled";
    };
  };
}

function findVersion(stripeSubscriptionId: string): Promise<SubscriptionVersion | null> {
  return db().subscription.findUnique({
    where: { stripeSubscriptionId },
    select: { stripeSubscriptionId: true, updatedAt: true },
  });
}

/** Where Stripe cannot show the subscription itself, its last invoice still says whether it is in arrears. */
function impliedBy({ stripeSubscriptionId, state }: InvoiceAtStripe): SubscriptionAtStripe | null {
  if (!stripeSubscriptionId || state === "open") return null;
  const status = state === "paid" ? "active" : "past_due";
  return { stripeSubscriptionId, status, currentPeriodEndAt: null, canceledAt: null };
}
