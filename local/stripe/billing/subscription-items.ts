import type { Call } from "../call";
import { createPrice } from "../catalog/create-price";
import { planOf } from "../catalog/plan-of";
import { toRecurring } from "../catalog/to-recurring";
import { idOf, newId } from "../ids";
import { mergeMetadata } from "../metadata";
import type { WirePrice } from "../store";
import { invalidRequest, noSuch } from "../wire";
import type { WireSubscriptionItem } from "./objects";

export type AskedPrice = {
  price?: string;
  price_data?: {
    currency: string;
    product: string;
    recurring: Parameters<typeof toRecurring>[0];
    unit_amount: number;
  };
};

/** One item of a subscription, in its current period. */
export function createItem(
  call: Call,
  input: {
    subscription: string;
    price: WirePrice;
    quantity: number | undefined;
    metadata: Record<string, string> | null | undefined;
    period: { start: number; end: number };
  },
): WireSubscriptionItem {
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: call.now,
    current_period_end: input.period.end,
    current_period_start: input.period.start,
    current_trial: null,
    discounts: [],
    metadata: mergeMetadata(null, input.metadata),
    ...pricedAs(input.price),
    quantity: input.quantity ?? 1,
    subscription: input.subscription,
    tax_rates: [],
  };
}

/** What an item shows of its price. */
export function pricedAs(price: WirePrice): Pick<WireSubscriptionItem, "plan" | "price"> {
  const plan = planOf(price);
  if (!plan) throw new Error(`${price.id} does not recur.`);
  return { plan, price };
}

/**
 * The recurring price that an item names, or one made of its `price_data`.
 *
 * @throws ApiError for a price that is missing, inactive or charged once
 */
export function priceOf(call: Call, asked: AskedPrice, param: string): WirePrice {
  if (asked.price_data) {
    const { product, recurring, ...rest } = asked.price_data;
    if (!call.store.products.get(product)) {
      throw noSuch("product", product, { param: `${param}[price_data][product]`, status: 400 });
    }
    return createPrice(call, { ...rest, active: false, product, recurring: toRecurring(recurring) });
  }
  if (asked.price === undefined) {
    throw invalidRequest(`You must specify either \`price\` or \`price_data\` in ${param}.`, { param });
  }
  const price = call.store.prices.get(asked.price);
  if (!price) throw noSuch("price", asked.price, { param: `${param}[price]`, status: 400 });
  if (!price.active) {
    throw invalidRequest("The price specified is inactive. This field only accepts active prices.", {
      param: `${param}[price]`,
    });
  }
  if (!price.recurring) {
    throw invalidRequest(
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
      { param: `${param}[price]` },
    );
  }
  return price;
}

/** @throws ApiError unless all items are charged in one currency and at the same times, each price once */
export function assertAlike(items: Pick<WireSubscriptionItem, "price">[]): void {
  const different = (of: (price: WirePrice) => unknown) => new Set(items.map(({ price }) => of(price))).size > 1;
  const mismatch = different(({ currency }) => currency)
    ? "currency"
    : different(({ recurring }) => `${recurring?.interval} ${recurring?.interval_count}`)
      ? "interval"
      : null;
  if (mismatch) {
    throw invalidRequest(
      `Currency and interval fields must match across all plans on this subscription. Found mismatch in ${mismatch} field. (Stripe's subscriptions of mixed intervals are not in the local Stripe.)`,
      { param: "items" },
    );
  }
  const ids = items.map(({ price }) => idOf(price) ?? "");
  if (new Set(ids).size < ids.length) {
    throw invalidRequest("Cannot add multiple subscription items with the same plan.", { param: "items" });
  }
}
