import type Stripe from "stripe";
import type { Call } from "../call";
import { newId, randomText } from "../ids";
import { emitEvent } from "../webhooks/emit-event";

export type CustomerFields = Partial<
  Pick<
    Stripe.Customer,
    | "address"
    | "description"
    | "email"
    | "id"
    | "invoice_settings"
    | "metadata"
    | "name"
    | "phone"
    | "preferred_locales"
    | "shipping"
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
    invoice_settings: invoiceSettings(null),
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

/** What a customer's invoices are made with. */
export function invoiceSettings(method: string | null): Stripe.Customer.InvoiceSettings {
  return { custom_fields: null, default_payment_method: method, footer: null, rendering_options: null };
}
