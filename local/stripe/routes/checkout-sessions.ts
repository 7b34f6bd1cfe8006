import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { createSession } from "../checkout/create-session";
import { expireSession } from "../checkout/expire-session";
import { type AskedLine, priceLines } from "../checkout/price-lines";
import { fullAddress } from "../full-address";
import { idOf } from "../ids";
import { createdParam, cut, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, list, metadata, oneOf, type ShapeOf, shipping, text, webAddress } from "../params";
import { invalidRequest } from "../wire";
import { getSession, requireCustomer } from "./lookups";

type CreateParams = Stripe.Checkout.SessionCreateParams;

const PriceData = z.strictObject({
  currency: currency(),
  product_data: z.strictObject({
    description: text().optional(),
    images: list(text()).optional(),
    metadata: metadata().optional(),
    name: text(),
  } satisfies ShapeOf<Stripe.Checkout.SessionCreateParams.LineItem.PriceData.ProductData>),
  tax_behavior: oneOf(["exclusive", "inclusive", "unspecified"]).optional(),
  unit_amount: integer({ min: 0 }),
} satisfies ShapeOf<Stripe.Checkout.SessionCreateParams.LineItem.PriceData>);

const ShippingRateData = z.strictObject({
  display_name: text(100),
  fixed_amount: z.strictObject({ amount: integer({ min: 0 }), currency: currency() }),
  metadata: metadata().optional(),
  type: oneOf(["fixed_amount"]).optional(),
} satisfies ShapeOf<Stripe.Checkout.SessionCreateParams.ShippingOption.ShippingRateData>);

const PaymentIntentData = z.strictObject({
  capture_method: oneOf(["automatic", "automatic_async", "manual"]).optional(),
  description: text().optional(),
  metadata: metadata().optional(),
  receipt_email: text().optional(),
  setup_future_usage: oneOf(["off_session", "on_session"]).optional(),
  shipping: shipping().optional(),
  statement_descriptor: text(22).optional(),
  statement_descriptor_suffix: text(22).optional(),
  transfer_group: text().optional(),
} satisfies ShapeOf<Stripe.Checkout.SessionCreateParams.PaymentIntentData>);

const CreateParams = z.strictObject({
  adaptive_pricing: z.strictObject({ enabled: flag() }).optional(),
  allowed_payment_method_types: list(oneOf(["card"])).optional(),
  cancel_url: webAddress().optional(),
  client_reference_id: text(200).optional(),
  customer: text().optional(),
  customer_creation: oneOf(["always", "if_required"]).optional(),
  customer_email: text(800).optional(),
  expires_at: integer().optional(),
  line_items: list(
    z.strictObject({
      metadata: metadata().optional(),
      price: text().optional(),
      price_data: PriceData.optional(),
      quantity: integer({ min: 1, max: 999_999 }),
    }),
  ),
  locale: text(10).optional(),
  metadata: metadata().optional(),
  mode: oneOf(["payment"]),
  payment_intent_data: PaymentIntentData.optional(),
  payment_method_types: list(oneOf(["card"])).optional(),
  shipping_options: list(z.strictObject({ shipping_rate_data: ShippingRateData })).optional(),
  submit_type: oneOf(["auto", "book", "donate", "pay"]).optional(),
  success_url: webAddress(),
  ui_mode: oneOf(["hosted_page"]).optional(),
} satisfies ShapeOf<CreateParams & { payment_method_types: string[] }>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  customer: text().optional(),
  payment_intent: text().optional(),
  status: oneOf(["complete", "expired", "open"]).optional(),
} satisfies ShapeOf<Stripe.Checkout.SessionListParams>);

export const checkoutSessionRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/checkout/sessions",
    params: CreateParams,
    handle(call, { params }) {
      if (params.customer !== undefined) requireCustomer(call, params.customer);
      if (params.customer !== undefined && params.customer_email !== undefined)
        throw invalidRequest("You may only specify one of these parameters: customer, customer_email.", {
          param: "customer",
        });
      const intent = params.payment_intent_data ?? {};
      if (intent.setup_future_usage !== undefined && params.customer === undefined)
        throw invalidRequest("The local Stripe keeps cards of customers it knows only: give `customer` as well.", {
          param: "payment_intent_data[setup_future_usage]",
        });
      return createSession(call, {
        allowed_payment_method_types: params.allowed_payment_method_types ?? null,
        cancel_url: params.cancel_url ?? null,
        client_reference_id: params.client_reference_id ?? null,
        customer: params.customer ?? null,
        customer_creation: params.customer_creation ?? null,
        customer_email: params.customer_email ?? null,
        expiresAt: params.expires_at,
        lines: priceLines(
          call,
          params.line_items.map(({ metadata: about, price, price_data: data, quantity }) => ({
            metadata: mergeMetadata(null, about),
            quantity,
            ...(price === undefined ? {} : { price }),
            ...(data === undefined ? {} : { priceData: inlinePrice(data) }),
          })),
        ),
        locale: (params.locale as Stripe.Checkout.Session.Locale | undefined) ?? null,
        metadata: mergeMetadata(null, params.metadata),
        paymentIntentData: {
          capture_method: intent.capture_method ?? "automatic_async",
          description: intent.description ?? null,
          metadata: mergeMetadata(null, intent.metadata),
          receipt_email: intent.receipt_email ?? null,
          setup_future_usage: intent.setup_future_usage ?? null,
          shipping: intent.shipping ? { ...intent.shipping, address: fullAddress(intent.shipping.address) } : null,
          statement_descriptor: intent.statement_descriptor ?? null,
          statement_descriptor_suffix: intent.statement_descriptor_suffix ?? null,
          transfer_group: intent.transfer_group ?? null,
        },
        shippingOptions: (params.shipping_options ?? []).map(({ shipping_rate_data: rate }) => ({
          amount: rate.fixed_amount.amount,
          currency: rate.fixed_amount.currency,
          displayName: rate.display_name,
          metadata: mergeMetadata(null, rate.metadata),
        })),
        submit_type: params.submit_type ?? null,
        successUrl: params.success_url,
      });
    },
  }),
  route({
    method: "GET",
    path: "/v1/checkout/sessions",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.sessions
        .values()
        .filter((session) => inRange(session.created, params.created))
        .filter((session) => params.status === undefined || session.status === params.status)
        .filter((session) => params.customer === undefined || idOf(session.customer) === params.customer)
        .filter(
          (session) => params.payment_intent === undefined || idOf(session.payment_intent) === params.payment_intent,
        );
      return listPage("/v1/checkout/sessions", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/checkout/sessions/:id",
    params: noParams,
    handle: (call, { id }) => getSession(call, id),
  }),
  route({
    method: "GET",
    path: "/v1/checkout/sessions/:id/line_items",
    params: z.strictObject(pageParams),
    handle(call, { id, params }) {
      getSession(call, id);
      const lines = call.store.sessionPlans.get(id)?.lineItems ?? [];
      return cut(`/v1/checkout/sessions/${id}/line_items`, lines, params);
    },
  }),
  route({
    method: "POST",
    path: "/v1/checkout/sessions/:id/expire",
    params: noParams,
    handle: (call, { id }) => expireSession(call, getSession(call, id)),
  }),
];

function inlinePrice(data: z.infer<typeof PriceData>): AskedLine["priceData"] {
  return {
    currency: data.currency,
    product: {
      description: data.product_data.description ?? null,
      images: data.product_data.images ?? [],
      metadata: mergeMetadata(null, data.product_data.metadata),
      name: data.product_data.name,
    },
    taxBehavior: data.tax_behavior ?? "unspecified",
    unitAmount: data.unit_amount,
  };
}
