import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { cancelSubscription } from "../billing/cancel-subscription";
import type { Call } from "../call";
import { type CustomerFields, createCustomer, invoiceSettings } from "../customers/create-customer";
import { firstMethod } from "../customers/first-method";
import { requireOwnMethod } from "../customers/require-own-method";
import { fullAddress } from "../full-address";
import { idOf, newId } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { address, list, metadata, type ShapeOf, shipping, text } from "../params";
import { emitEvent } from "../webhooks/emit-event";
import { noSuch } from "../wire";

const cleared = z.literal("").transform(() => null);

const described = {
  address: z.union([cleared, address()]).optional(),
  description: z.union([cleared, text()]).optional(),
  email: z.union([cleared, text(512)]).optional(),
  metadata: metadata().optional(),
  name: z.union([cleared, text(256)]).optional(),
  phone: z.union([cleared, text(20)]).optional(),
  preferred_locales: list(text()).optional(),
  shipping: z.union([cleared, shipping()]).optional(),
};

const CreateParams = z.strictObject({
  ...described,
  invoice_settings: z.strictObject({ default_payment_method: text().optional() }).optional(),
  payment_method: text().optional(),
} satisfies ShapeOf<Stripe.CustomerCreateParams>);

const UpdateParams = z.strictObject({
  ...described,
  invoice_settings: z.strictObject({ default_payment_method: z.union([cleared, text()]).optional() }).optional(),
} satisfies ShapeOf<Stripe.CustomerUpdateParams>);

type Described = Omit<z.infer<typeof UpdateParams>, "invoice_settings">;

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  email: text().optional(),
} satisfies ShapeOf<Stripe.CustomerListParams>);

export const customerRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/customers",
    params: CreateParams,
    handle(call, { params: { payment_method, invoice_settings, ...params } }) {
      const id = newId("cus");
      const settings = invoiceSettings(firstMethod(call, id, { payment_method, invoice_settings }));
      return createCustomer(call, { ...fieldsOf(params, {}), id, invoice_settings: settings });
    },
  }),
  route({
    method: "GET",
    path: "/v1/customers",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.customers
        .values()
        .filter((customer) => !customer.deleted)
        .filter((customer) => inRange(customer.created, params.created))
        .filter((customer) => params.email === undefined || customer.email === params.email);
      return listPage("/v1/customers", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/customers/:id",
    params: noParams,
    // A deleted customer is still there, as `{ id, deleted: true }`.
    handle(call, { id }) {
      const customer = call.store.customers.get(id);
      if (!customer) throw noSuch("customer", id);
      return customer;
    },
  }),
  route({
    method: "POST",
    path: "/v1/customers/:id",
    params: UpdateParams,
    handle(call, { id, params: { invoice_settings, ...params } }) {
      const customer = getLiving(call, id);
      const method = invoice_settings?.default_payment_method;
      if (method) requireOwnMethod(call, id, method, "invoice_settings[default_payment_method]");
      const changes = {
        ...fieldsOf(params, customer.metadata),
        ...(method === undefined ? {} : { invoice_settings: invoiceSettings(method) }),
      };
      const updated: Stripe.Customer = { ...customer, ...changes };
      call.store.customers.put(id, updated);
      const changed = (Object.keys(changes) as (keyof CustomerFields)[]).filter(
        (name) => JSON.stringify(updated[name]) !== JSON.stringify(customer[name]),
      );
      if (changed.length > 0) {
        const previous = Object.fromEntries(changed.map((name) => [name, customer[name]]));
        emitEvent(call, { type: "customer.updated", object: updated, previous });
      }
      return updated;
    },
  }),
  route({
    method: "DELETE",
    path: "/v1/customers/:id",
    params: noParams,
    handle(call, { id }) {
      const customer = getLiving(call, id);
      cancelAll(call, customer.id);
      const deleted: Stripe.DeletedCustomer = { id, object: "customer", deleted: true };
      call.store.customers.put(id, deleted);
      emitEvent(call, { type: "customer.deleted", object: customer });
      return deleted;
    },
  }),
];

/** Nobody is left to pay for them. */
function cancelAll(call: Call, customerId: string): void {
  for (const subscription of call.store.subscriptions.values()) {
    const isOver = ["canceled", "incomplete_expired"].includes(subscription.status);
    if (isOver || idOf(subscription.customer) !== customerId) continue;
    cancelSubscription(call, subscription, { reason: "cancellation_requested" });
  }
}

function getLiving(call: Call, id: string): Stripe.Customer {
  const customer = call.store.customers.get(id);
  if (!customer || customer.deleted) throw noSuch("customer", id);
  return customer;
}

function fieldsOf(params: Described, old: Stripe.Metadata): CustomerFields {
  const { address: home, shipping: sent, metadata: given, ...rest } = params;
  return {
    ...rest,
    ...(home === undefined ? {} : { address: home && fullAddress(home) }),
    ...(sent === undefined ? {} : { shipping: sent && { ...sent, address: fullAddress(sent.address) } }),
    metadata: mergeMetadata(old, given),
  };
}
