import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";
import { billPeriod } from "./bill-period";
import { cancelSubscription } from "./cancel-subscription";
import { changeSubscription } from "./change-subscription";
import { collectInvoice, findOwnMethod } from "./collect-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import { nextPeriodEnd } from "./next-period-end";
import { asEventObject, type WireSubscription } from "./objects";
import { inPeriod } from "./renew-subscription";

const warningSeconds = 3 * 24 * 60 * 60;

/** When the end of a trial is told ahead; null where it was. */
export function trialWarningAt(call: Pick<Call, "store">, subscription: WireSubscription): number | null {
  const isDone = subscription.trial_end === null || call.store.trialWarnings.get(subscription.id) !== undefined;
  return isDone ? null : (subscription.trial_end ?? 0) - warningSeconds;
}

/** Three days before a trial ends, or at once in a shorter one, that is told, once. */
export function warnOfTrialEnd(call: Call, subscription: WireSubscription): void {
  const at = trialWarningAt(call, subscription);
  if (at === null || at > call.now) return;
  call.store.trialWarnings.put(subscription.id, true);
  emitEvent(call, { type: "customer.subscription.trial_will_end", object: asEventObject(subscription) });
}

/**
 * The trial is over: the first period that costs begins. Without a card to charge it may pause or cancel instead, as
 * `trial_settings` say (https://docs.stripe.com/billing/subscriptions/trials).
 */
export function endTrial(call: Call, subscription: WireSubscription, when: "by clock" | "by hand"): WireSubscription {
  const otherwise = subscription.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice";
  const ended: WireSubscription = { ...subscription, billing_cycle_anchor: call.now, trial_end: call.now };
  if (otherwise !== "create_invoice" && !findOwnMethod(call, subscription)) {
    if (otherwise === "cancel") return cancelSubscription(call, ended, { reason: null });
    const paused = changeSubscription(call, subscription, { ...ended, status: "paused" });
    emitEvent(call, { type: "customer.subscription.paused", object: asEventObject(paused) });
    return paused;
  }
  const [first] = subscription.items.data;
  if (!first?.price.recurring) throw new Error(`${subscription.id} has no item.`);
  const before = { start: first.current_period_start, end: call.now };
  const end = nextPeriodEnd(call.now, first.price.recurring, call.now);
  const begun = inPeriod({ ...ended, status: "active" }, { start: call.now, end });
  const isByHand = when === "by hand";
  const draft = billPeriod(call, begun, {
    billing_reason: isByHand ? "subscription_update" : "subscription_cycle",
    ended: before,
  });
  const changed = changeSubscription(call, subscription, { ...begun, latest_invoice: draft.id });
  if (!isByHand) return changed;
  const open = finalizeInvoice(call, draft);
  if (open.status === "open") collectInvoice(call, open);
  return call.store.subscriptions.get(changed.id) ?? changed;
}
