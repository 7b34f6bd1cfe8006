import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { flag, list, metadata, oneOf, type ShapeOf, text, webAddress } from "../params";
import { getPaymentMethod } from "../payments/find-payment-method";
import { confirmSetup } from "../setup/confirm-setup";
import { createSetupIntent } from "../setup/create-setup-intent";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest, noSuch } from "../wire";
import { requireCustomer } from "./lookups";

const CreateParams = z.strictObject({
  automatic_payment_methods: z
    .strictObject({ allow_redirects: oneOf(["always", "never"]).optional(), enabled: flag() })
    .optional(),
  confirm: flag().optional(),
  customer: text().optional(),
  description: text().optional(),
  metadata: metadata().optional(),
  payment_method: text().optional(),
  payment_method_types: list(oneOf(["card"])).optional(),
  return_url: webAddress().optional(),
  usage: oneOf(["off_session", "on_session"]).optional(),
} satisfies ShapeOf<Stripe.SetupIntentCreateParams & { payment_method_types: string[] }>);

const ConfirmParams = z.strictObject({
  payment_method: text().optional(),
  return_url: webAddress().optional(),
} satisfies ShapeOf<Stripe.SetupIntentConfirmParams>);

const CancelParams = z.strictObject({
  cancellation_reason: oneOf(["abandoned", "duplicate", "requested_by_customer"]).optional(),
} satisfies ShapeOf<Stripe.SetupIntentCancelParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  customer: text().optional(),
  payment_method: text().optional(),
} satisfies ShapeOf<Stripe.SetupIntentListParams>);

const cancellable = ["requires_payment_method", "requires_confirmation", "requires_action"];

export const setupIntentRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/setup_intents",
    params: CreateParams,
    handle(call, { params }) {
      if (params.customer !== undefined) requireCustomer(call, params.customer);
      const method = params.payment_method === undefined ? null : getPaymentMethod(call, params.payment_method).id;
      const intent = createSetupIntent(call, {
        automaticPaymentMethods: params.automatic_payment_methods?.enabled ?? params.payment_method_types === undefined,
        customer: params.customer ?? null,
        description: params.description ?? null,
        metadata: mergeMetadata(null, params.metadata),
        payment_method: method,
        usage: params.usage ?? "off_session",
      });
      return params.confirm
        ? confirmSetup(call, intent, { paymentMethod: undefined, returnUrl: params.return_url })
        : intent;
    },
  }),
  route({
    method: "GET",
    path: "/v1/setup_intents",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.setupIntents
        .values()
        .filter((intent) => inRange(intent.created, params.created))
        .filter(({ customer }) => params.customer === undefined || idOf(customer) === params.customer)
        .filter(
          ({ payment_method: method }) => params.payment_method === undefined || idOf(method) === params.payment_method,
        );
      return listPage("/v1/setup_intents", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/setup_intents/:id",
    params: noParams,
    handle: (call, { id }) => getSetupIntent(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/setup_intents/:id/confirm",
    params: ConfirmParams,
    handle: (call, { id, params }) =>
      confirmSetup(call, getSetupIntent(call, id), {
        paymentMethod: params.payment_method,
        returnUrl: params.return_url,
      }),
  }),
  route({
    method: "POST",
    path: "/v1/setup_intents/:id/cancel",
    params: CancelParams,
    handle(call, { id, params }) {
      const intent = getSetupIntent(call, id);
      if (!cancellable.includes(intent.status)) {
        throw invalidRequest(
          `You cannot cancel this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be canceled: ${cancellable.join(", ")}.`,
          { code: "setup_intent_unexpected_state" },
        );
      }
      const canceled: Stripe.SetupIntent = {
        ...intent,
        cancellation_reason: params.cancellation_reason ?? null,
        next_action: null,
        status: "canceled",
      };
      call.store.setupIntents.put(id, canceled);
      emitEvent(call, { type: "setup_intent.canceled", object: canceled });
      return canceled;
    },
  }),
];

function getSetupIntent(call: Call, id: string): Stripe.SetupIntent {
  const intent = call.store.setupIntents.get(id);
  if (!intent) throw noSuch("setupintent", id, { param: "intent" });
  return intent;
}
