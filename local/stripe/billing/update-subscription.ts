import type { Call } from "../call";
import { mergeMetadata } from "../metadata";
import { invalidRequest } from "../wire";
import { changeSubscription } from "./change-subscription";
import type { WireSubscription } from "./objects";
import { inPeriod } from "./renew-subscription";
import { type AskedPrice, assertAlike, createItem, pricedAs, priceOf } from "./subscription-items";
import { endTrial } from "./trials";

export type AskedChange = AskedPrice & {
  id?: string;
  deleted?: boolean;
  quantity?: number;
  metadata?: Record<string, string> | null;
};

export type SubscriptionChanges = {
  fields: Partial<Pick<WireSubscription, "default_payment_method" | "description" | "metadata" | "trial_settings">>;
  cancelsAtPeriodEnd?: boolean;
  items?: AskedChange[];
  trialEnd?: number | "now";
};

/**
 * Changes a subscription. Other items are charged from the next period on: nothing is prorated.
 *
 * @throws ApiError for one that is over, and for items it does not have or that would be charged at other times
 */
export function updateSubscription(
  call: Call,
  subscription: WireSubscription,
  { fields, cancelsAtPeriodEnd, items, trialEnd }: SubscriptionChanges,
): WireSubscription {
  if (subscription.status === "canceled" || subscription.status === "incomplete_expired") {
    const onlyMetadata = Object.keys(fields).every((name) => name === "metadata") && !items && trialEnd === undefined;
    if (!onlyMetadata || cancelsAtPeriodEnd !== undefined) {
      throw invalidRequest("A canceled subscription can only update its cancellation_details and metadata.");
    }
  }
  let changed: WireSubscription = { ...subscription, ...fields };
  if (items) changed = { ...changed, items: { ...changed.items, data: changeItems(call, subscription, items) } };
  if (typeof trialEnd === "number") changed = onTrialUntil(call, changed, trialEnd);
  if (cancelsAtPeriodEnd !== undefined) changed = endingAtPeriodEnd(call, changed, cancelsAtPeriodEnd);
  if (trialEnd !== "now") return changeSubscription(call, subscription, changed);
  if (changed.status !== "trialing") {
    throw invalidRequest(
      "The local Stripe ends trials with `trial_end=now` and does not start a new period otherwise.",
      {
        param: "trial_end",
      },
    );
  }
  call.store.subscriptions.put(changed.id, changed);
  return endTrial(call, changed, "by hand");
}

function endingAtPeriodEnd(call: Call, subscription: WireSubscription, ends: boolean): WireSubscription {
  if (!ends && !subscription.cancel_at_period_end) return subscription;
  return {
    ...subscription,
    cancel_at: ends ? (subscription.items.data[0]?.current_period_end ?? null) : null,
    cancel_at_period_end: ends,
    canceled_at: ends ? call.now : null,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      ...subscription.cancellation_details,
      reason: ends ? "cancellation_requested" : null,
    },
  };
}

function onTrialUntil(call: Call, subscription: WireSubscription, end: number): WireSubscription {
  if (subscription.status !== "trialing") {
    throw invalidRequest("The local Stripe moves the end of a trial that runs, and begins none in a running period.", {
      param: "trial_end",
    });
  }
  if (end <= call.now) {
    throw invalidRequest("Invalid timestamp: must be an integer Unix timestamp in the future.", { param: "trial_end" });
  }
  const start = subscription.items.data[0]?.current_period_start ?? call.now;
  return { ...inPeriod(subscription, { start, end }), billing_cycle_anchor: end, trial_end: end };
}

function changeItems(call: Call, subscription: WireSubscription, asked: AskedChange[]) {
  const [first] = subscription.items.data;
  if (!first) throw new Error(`${subscription.id} has no item.`);
  const period = { start: first.current_period_start, end: first.current_period_end };
  let data = [...subscription.items.data];
  for (const [index, { id, deleted, quantity, metadata, ...priced }] of asked.entries()) {
    const param = `items[${index}]`;
    const isPriced = priced.price !== undefined || priced.price_data !== undefined;
    if (id === undefined) {
      const price = priceOf(call, priced, param);
      data.push(createItem(call, { subscription: subscription.id, price, quantity, metadata, period }));
      continue;
    }
    if (!data.some((item) => item.id === id)) {
      throw invalidRequest(`No such subscription item on this subscription: '${id}'`, { param: `${param}[id]` });
    }
    const change = isPriced ? pricedAs(priceOf(call, priced, param)) : {};
    data = deleted
      ? data.filter((item) => item.id !== id)
      : data.map((item) =>
          item.id === id
            ? {
                ...item,
                ...change,
                quantity: quantity ?? item.quantity ?? 1,
                metadata: mergeMetadata(item.metadata, metadata),
              }
            : item,
        );
  }
  if (data.length === 0) {
    throw invalidRequest("A subscription must have at least one active plan.", { param: "items" });
  }
  assertAlike(data);
  const [before, after] = [first.price.recurring, data[0]?.price.recurring];
  if (after?.interval !== before?.interval || after?.interval_count !== before?.interval_count) {
    throw invalidRequest(
      "The local Stripe does not move a subscription to another interval: that starts a new period, which it would have to prorate.",
      { param: "items" },
    );
  }
  return data;
}
