import type Stripe from "stripe";
import type { Call } from "../call";
import { newId, randomText } from "../ids";
import { emitEvent } from "../webhooks/emit-event";

export type CustomerFields = Partial<
  Pick<
    Stripe.Customer,
    "address" | "description" | "email" | "metadata" | "name" | "phone" | "preferred_locales" | "shipping"
  >
>;

/** Creates a customer, and its event. */
export function createCustomer(call: Call, given: CustomerFields): Stripe.Customer {
  const customer: Stripe.Customer = {
    id: newId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: call.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
    ...given,
  };
  call.store.customers.put(customer.id, customer);
  emitEvent(call, { type: "customer.created", object: customer });
  return customer;
}
