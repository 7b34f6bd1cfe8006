import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { cancelSubscription } from "../billing/cancel-subscription";
import { createSubscription } from "../billing/create-subscription";
import type { WireSubscription } from "../billing/objects";
import { updateSubscription } from "../billing/update-subscription";
import type { Call } from "../call";
import { requireOwnMethod } from "../customers/require-own-method";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, list, metadata, oneOf, recurring, type ShapeOf, text } from "../params";
import { invalidRequest, noSuch } from "../wire";
import { requireCustomer } from "./lookups";

const priceData = z.strictObject({
  currency: currency(),
  product: text(),
  recurring: recurring(),
  unit_amount: integer({ min: 0 }),
});
const item = {
  metadata: metadata().optional(),
  price: text().optional(),
  price_data: priceData.optional(),
  quantity: integer({ min: 0 }).optional(),
};
const trialSettings = z.strictObject({
  end_behavior: z.strictObject({ missing_payment_method: oneOf(["cancel", "create_invoice", "pause"]) }),
});
const described = {
  cancel_at_period_end: flag().optional(),
  default_payment_method: text().optional(),
  description: text(500).optional(),
  metadata: metadata().optional(),
  off_session: flag().optional(),
  trial_end: z.union([z.literal("now"), integer({ min: 1 })]).optional(),
  trial_settings: trialSettings.optional(),
};

const CreateParams = z.strictObject({
  ...described,
  collection_method: oneOf(["charge_automatically"]).optional(),
  customer: text(),
  items: list(z.strictObject(item)).refine((items) => items.length <= 20, { error: "at most 20 items" }),
  payment_settings: z
    .strictObject({ save_default_payment_method: oneOf(["off", "on_subscription"]).optional() })
    .optional(),
  payment_behavior: oneOf(["allow_incomplete", "default_incomplete", "error_if_incomplete"]).optional(),
  trial_period_days: integer({ min: 1, max: 730 }).optional(),
} satisfies ShapeOf<Stripe.SubscriptionCreateParams>);

const UpdateParams = z.strictObject({
  ...described,
  items: list(z.strictObject({ ...item, id: text().optional(), deleted: flag().optional() })).optional(),
  proration_behavior: oneOf(["none", "create_prorations", "always_invoice"]).optional(),
} satisfies ShapeOf<Stripe.SubscriptionUpdateParams>);

const CancelParams = z.strictObject({
  cancellation_details: z
    .strictObject({
      comment: text().optional(),
      feedback: oneOf([
        "customer_service",
        "low_quality",
        "missing_features",
        "other",
        "switched_service",
        "too_complex",
        "too_expensive",
        "unused",
      ]).optional(),
    })
    .optional(),
  invoice_now: flag().optional(),
  prorate: flag().optional(),
} satisfies ShapeOf<Stripe.SubscriptionCancelParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  customer: text().optional(),
  price: text().optional(),
  status: oneOf([
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
  ]).optional(),
} satisfies ShapeOf<Stripe.SubscriptionListParams>);

const over = ["canceled", "incomplete_expired"];

export const subscriptionRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/subscriptions",
    params: CreateParams,
    handle(call, { params }) {
      const customer = requireCustomer(call, params.customer);
      const method = params.default_payment_method;
      return createSubscription(call, {
        cancel_at_period_end: params.cancel_at_period_end ?? false,
        customer,
        default_payment_method:
          method === undefined ? null : requireOwnMethod(call, customer.id, method, "default_payment_method").id,
        description: params.description ?? null,
        items: params.items,
        metadata: mergeMetadata(null, params.metadata),
        paymentBehavior: params.payment_behavior ?? "allow_incomplete",
        savesMethod: params.payment_settings?.save_default_payment_method ?? "off",
        trialEnd: trialEndOf(call, params),
        trial_settings: trialSettingsOf(params.trial_settings),
      });
    },
  }),
  route({
    method: "GET",
    path: "/v1/subscriptions",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.subscriptions
        .values()
        .filter((subscription) => inRange(subscription.created, params.created))
        .filter(({ customer }) => params.customer === undefined || idOf(customer) === params.customer)
        .filter(({ items }) => params.price === undefined || items.data.some(({ price }) => price.id === params.price))
        .filter(({ status }) => hasStatus(status, params.status));
      return listPage("/v1/subscriptions", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/subscriptions/:id",
    params: noParams,
    handle: (call, { id }) => getSubscription(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/subscriptions/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const subscription = getSubscription(call, id);
      const method = params.default_payment_method;
      if (params.items && params.proration_behavior !== "none") {
        throw invalidRequest(
          "The local Stripe computes no prorations: pass proration_behavior=none, and other items count from the next period on.",
          { param: "proration_behavior" },
        );
      }
      return updateSubscription(call, subscription, {
        fields: {
          ...(method === undefined
            ? {}
            : {
                default_payment_method: requireOwnMethod(
                  call,
                  idOf(subscription.customer) ?? "",
                  method,
                  "default_payment_method",
                ).id,
              }),
          ...(params.description === undefined ? {} : { description: params.description }),
          ...(params.metadata === undefined ? {} : { metadata: mergeMetadata(subscription.metadata, params.metadata) }),
          ...(params.trial_settings ? { trial_settings: trialSettingsOf(params.trial_settings) } : {}),
        },
        ...(params.cancel_at_period_end === undefined ? {} : { cancelsAtPeriodEnd: params.cancel_at_period_end }),
        ...(params.items ? { items: params.items } : {}),
        ...(params.trial_end === undefined ? {} : { trialEnd: params.trial_end }),
      });
    },
  }),
  route({
    method: "DELETE",
    path: "/v1/subscriptions/:id",
    params: CancelParams,
    handle(call, { id, params }) {
      const subscription = getSubscription(call, id);
      if (over.includes(subscription.status)) throw noSuch("subscription", id);
      if (params.invoice_now || params.prorate) {
        throw invalidRequest("The local Stripe computes no prorations: cancel without invoice_now and prorate.", {
          param: params.prorate ? "prorate" : "invoice_now",
        });
      }
      return cancelSubscription(call, subscription, {
        reason: "cancellation_requested",
        details: params.cancellation_details ?? {},
      });
    },
  }),
];

function getSubscription(call: Call, id: string): WireSubscription {
  const subscription = call.store.subscriptions.get(id);
  if (!subscription) throw noSuch("subscription", id);
  return subscription;
}

function trialEndOf(call: Call, params: z.infer<typeof CreateParams>): number | null {
  const { trial_end: end, trial_period_days: days } = params;
  if (end !== undefined && days !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: trial_end, trial_period_days.", {
      param: "trial_end",
    });
  }
  if (days !== undefined) return call.now + days * 24 * 60 * 60;
  if (end === undefined || end === "now") return null;
  if (end > call.now) return end;
  throw invalidRequest("Invalid timestamp: must be an integer Unix timestamp in the future.", { param: "trial_end" });
}

function trialSettingsOf(asked: z.infer<typeof trialSettings> | undefined): WireSubscription["trial_settings"] {
  const missing = asked?.end_behavior.missing_payment_method ?? "create_invoice";
  return { end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing } };
}

/** Without a status Stripe lists what is not cancelled. */
function hasStatus(status: string, wanted: z.infer<typeof ListParams>["status"]): boolean {
  if (wanted === undefined) return status !== "canceled";
  if (wanted === "all") return true;
  return wanted === "ended" ? over.includes(status) : status === wanted;
}
