import type Stripe from "stripe";
import type { Call } from "../call";
import { newId, randomText } from "../ids";
import { emitEvent } from "../webhooks/emit-event";

export type SetupIntentInput = { automaticPaymentMethods: boolean } & Pick<
  Stripe.SetupIntent,
  "customer" | "description" | "metadata" | "payment_method" | "usage"
>;

/** Begins to keep a card without charging it (https://docs.stripe.com/payments/setup-intents), and its event. */
export function createSetupIntent(call: Call, { automaticPaymentMethods, ...given }: SetupIntentInput) {
  const id = newId("seti");
  const intent: Stripe.SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: automaticPaymentMethods ? { allow_redirects: "always", enabled: true } : null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: call.now,
    customer_account: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    next_action: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    single_use_mandate: null,
    ...given,
    status: given.payment_method ? "requires_confirmation" : "requires_payment_method",
  };
  call.store.setupIntents.put(id, intent);
  emitEvent(call, { type: "setup_intent.created", object: intent });
  return intent;
}
