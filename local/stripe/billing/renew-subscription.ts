import type { Call } from "../call";
import { billPeriod } from "./bill-period";
import { changeSubscription } from "./change-subscription";
import { nextPeriodEnd } from "./next-period-end";
import type { WireSubscription } from "./objects";

/** A period ended: the next one begins, with the draft of its invoice. Whether that is paid shows an hour later. */
export function renewSubscription(call: Call, subscription: WireSubscription): void {
  const [first] = subscription.items.data;
  if (!first?.price.recurring) throw new Error(`${subscription.id} has no item.`);
  const start = first.current_period_end;
  const end = nextPeriodEnd(subscription.billing_cycle_anchor, first.price.recurring, start);
  const renewed = inPeriod(subscription, { start, end });
  const draft = billPeriod(call, renewed, {
    billing_reason: "subscription_cycle",
    ended: { start: first.current_period_start, end: start },
  });
  changeSubscription(call, subscription, { ...renewed, latest_invoice: draft.id });
}

/** A subscription whose items are in the given period. */
export function inPeriod(subscription: WireSubscription, period: { start: number; end: number }): WireSubscription {
  const data = subscription.items.data.map((item) => ({
    ...item,
    current_period_end: period.end,
    current_period_start: period.start,
  }));
  return { ...subscription, items: { ...subscription.items, data } };
}
