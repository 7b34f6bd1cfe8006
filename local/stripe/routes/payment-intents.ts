import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { fullAddress } from "../full-address";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, list, metadata, oneOf, type ShapeOf, shipping, text, webAddress } from "../params";
import { cancelPayment } from "../payments/cancel-payment";
import { capturePayment } from "../payments/capture-payment";
import { confirmPayment } from "../payments/confirm-payment";
import { assertChargeable, createPaymentIntent } from "../payments/create-payment-intent";
import { getPaymentMethod } from "../payments/find-payment-method";
import { parseSearch } from "../search";
import { invalidRequest } from "../wire";
import { getIntent, requireCustomer } from "./lookups";

const described = {
  customer: text().optional(),
  description: text().optional(),
  metadata: metadata().optional(),
  payment_method: text().optional(),
  receipt_email: text().optional(),
  shipping: shipping().optional(),
  statement_descriptor: text(22).optional(),
  statement_descriptor_suffix: text(22).optional(),
  transfer_group: text().optional(),
};

const CreateParams = z.strictObject({
  ...described,
  allowed_payment_method_types: list(oneOf(["card"])).optional(),
  amount: integer({ min: 1 }),
  automatic_payment_methods: z
    .strictObject({ enabled: flag(), allow_redirects: oneOf(["always", "never"]).optional() })
    .optional(),
  capture_method: oneOf(["automatic", "automatic_async", "manual"]).optional(),
  confirm: flag().optional(),
  confirmation_method: oneOf(["automatic", "manual"]).optional(),
  currency: currency(),
  off_session: flag().optional(),
  payment_method_types: list(oneOf(["card"])).optional(),
  return_url: webAddress().optional(),
  setup_future_usage: oneOf(["off_session", "on_session"]).optional(),
} satisfies ShapeOf<Stripe.PaymentIntentCreateParams & { payment_method_types: string[] }>);

const UpdateParams = z.strictObject({
  ...described,
  amount: integer({ min: 1 }).optional(),
  currency: currency().optional(),
} satisfies ShapeOf<Stripe.PaymentIntentUpdateParams>);

const ConfirmParams = z.strictObject({
  off_session: flag().optional(),
  payment_method: text().optional(),
  receipt_email: text().optional(),
  return_url: webAddress().optional(),
} satisfies ShapeOf<Stripe.PaymentIntentConfirmParams>);

const CaptureParams = z.strictObject({
  amount_to_capture: integer({ min: 1 }).optional(),
  final_capture: flag().optional(),
  metadata: metadata().optional(),
} satisfies ShapeOf<Stripe.PaymentIntentCaptureParams>);

const CancelParams = z.strictObject({
  cancellation_reason: oneOf(["abandoned", "duplicate", "fraudulent", "requested_by_customer"]).optional(),
} satisfies ShapeOf<Stripe.PaymentIntentCancelParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  customer: text().optional(),
} satisfies ShapeOf<Stripe.PaymentIntentListParams>);

const SearchParams = z.strictObject({
  query: text(),
  limit: integer({ min: 1, max: 100 }).optional(),
  page: text().optional(),
} satisfies ShapeOf<Stripe.PaymentIntentSearchParams>);

type Described = Pick<z.infer<typeof CreateParams>, keyof typeof described>;

function fieldsOf({ metadata: given, shipping: sent, ...rest }: Described, old: Stripe.Metadata) {
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(sent ? { shipping: { ...sent, address: fullAddress(sent.address) } } : {}),
    metadata: given === undefined ? old : mergeMetadata(old, given),
  };
}

export const paymentIntentRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/payment_intents",
    params: CreateParams,
    handle(call, { params }) {
      const {
        allowed_payment_method_types: allowed,
        amount,
        currency: code,
        automatic_payment_methods: methods,
        confirm,
        off_session,
        return_url,
        ...rest
      } = params;
      if (rest.customer !== undefined) requireCustomer(call, rest.customer);
      if (rest.payment_method !== undefined) rest.payment_method = getPaymentMethod(call, rest.payment_method).id;
      const { capture_method, confirmation_method, setup_future_usage, payment_method_types, ...about } = rest;
      const created = createPaymentIntent(call, {
        ...fieldsOf(about, {}),
        ...(capture_method ? { capture_method } : {}),
        ...(confirmation_method ? { confirmation_method } : {}),
        ...(setup_future_usage ? { setup_future_usage } : {}),
        amount,
        currency: code,
        ...(allowed ? { allowed_payment_method_types: allowed } : {}),
        automaticPaymentMethods: methods?.enabled ?? (payment_method_types ?? allowed) === undefined,
      });
      const intent: Stripe.PaymentIntent =
        methods?.allow_redirects && created.automatic_payment_methods
          ? { ...created, automatic_payment_methods: { enabled: true, allow_redirects: methods.allow_redirects } }
          : created;
      call.store.paymentIntents.put(intent.id, intent);
      if (off_session && !confirm)
        throw invalidRequest("The parameter `off_session` needs `confirm=true`.", { param: "off_session" });
      return confirm ? confirmPayment(call, intent, { returnUrl: return_url, offSession: off_session }) : intent;
    },
  }),
  route({
    method: "GET",
    path: "/v1/payment_intents",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.paymentIntents
        .values()
        .filter((intent) => inRange(intent.created, params.created))
        .filter((intent) => params.customer === undefined || idOf(intent.customer) === params.customer);
      return listPage("/v1/payment_intents", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/payment_intents/search",
    params: SearchParams,
    handle(call, { params }) {
      const matches = parseSearch(params.query, {
        text: ["status", "currency", "customer"],
        number: ["amount", "created"],
      });
      const found = call.store.paymentIntents.values().filter(matches).reverse();
      const limit = params.limit ?? 10;
      const start = params.page === undefined ? 0 : Number(params.page);
      if (!Number.isSafeInteger(start))
        throw invalidRequest("Invalid page. Use next_page of the answer before.", { param: "page" });
      const rest = found.slice(start);
      const hasMore = rest.length > limit;
      return {
        object: "search_result",
        data: rest.slice(0, limit),
        has_more: hasMore,
        next_page: hasMore ? String(start + limit) : null,
        url: "/v1/payment_intents/search",
      };
    },
  }),
  route({
    method: "GET",
    path: "/v1/payment_intents/:id",
    params: noParams,
    handle: (call, { id }) => getIntent(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/payment_intents/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const intent = getIntent(call, id);
      const { amount, currency: code, ...about } = params;
      const changesMoney = amount !== undefined || code !== undefined || about.payment_method !== undefined;
      if (
        changesMoney &&
        !["requires_payment_method", "requires_confirmation", "requires_action"].includes(intent.status)
      ) {
        throw invalidRequest(
          `This PaymentIntent's amount, currency or payment_method could not be updated because it has a status of ${intent.status}.`,
          { code: "payment_intent_unexpected_state", payment_intent: intent },
        );
      }
      if (about.customer !== undefined) requireCustomer(call, about.customer);
      if (about.payment_method !== undefined) about.payment_method = getPaymentMethod(call, about.payment_method).id;
      const updated: Stripe.PaymentIntent = {
        ...intent,
        ...fieldsOf(about, intent.metadata),
        amount: amount ?? intent.amount,
        currency: code ?? intent.currency,
        status: about.payment_method !== undefined ? "requires_confirmation" : intent.status,
      };
      assertChargeable(updated.amount, updated.currency);
      call.store.paymentIntents.put(id, updated);
      return updated;
    },
  }),
  route({
    method: "POST",
    path: "/v1/payment_intents/:id/confirm",
    params: ConfirmParams,
    handle: (call, { id, params }) =>
      confirmPayment(call, getIntent(call, id), {
        paymentMethod: params.payment_method,
        returnUrl: params.return_url,
        offSession: params.off_session,
      }),
  }),
  route({
    method: "POST",
    path: "/v1/payment_intents/:id/capture",
    params: CaptureParams,
    handle(call, { id, params }) {
      if (params.final_capture === false) {
        throw invalidRequest("This account cannot capture a payment more than once (multicapture).", {
          param: "final_capture",
        });
      }
      const intent = getIntent(call, id);
      const merged = params.metadata === undefined ? intent.metadata : mergeMetadata(intent.metadata, params.metadata);
      return capturePayment(call, intent, { amount: params.amount_to_capture, metadata: merged });
    },
  }),
  route({
    method: "POST",
    path: "/v1/payment_intents/:id/cancel",
    params: CancelParams,
    handle: (call, { id, params }) => cancelPayment(call, getIntent(call, id), params.cancellation_reason ?? null),
  }),
];
