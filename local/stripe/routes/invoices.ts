import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { createInvoice } from "../billing/create-invoice";
import { markUncollectible, voidInvoice } from "../billing/end-invoice";
import { finalizeInvoice } from "../billing/finalize-invoice";
import { asEventObject, type WireInvoice } from "../billing/objects";
import { payInvoice } from "../billing/pay-invoice";
import { sendInvoice } from "../billing/send-invoice";
import { type AskedChanges, updateInvoice } from "../billing/update-invoice";
import type { Call } from "../call";
import { requireOwnMethod } from "../customers/require-own-method";
import { idOf } from "../ids";
import { createdParam, cut, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, metadata, oneOf, type ShapeOf, text } from "../params";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest, noSuch } from "../wire";
import { requireCustomer } from "./lookups";

const described = {
  auto_advance: flag().optional(),
  collection_method: oneOf(["charge_automatically", "send_invoice"]).optional(),
  days_until_due: integer({ min: 0 }).optional(),
  default_payment_method: text().optional(),
  description: text(1500).optional(),
  due_date: integer({ min: 1 }).optional(),
  footer: text().optional(),
  metadata: metadata().optional(),
  statement_descriptor: text(22).optional(),
};

const CreateParams = z.strictObject({
  ...described,
  currency: currency().optional(),
  customer: text(),
  pending_invoice_items_behavior: oneOf(["exclude", "include"]).optional(),
} satisfies ShapeOf<Stripe.InvoiceCreateParams>);

const UpdateParams = z.strictObject(described satisfies ShapeOf<Stripe.InvoiceUpdateParams>);

const FinalizeParams = z.strictObject({
  auto_advance: flag().optional(),
} satisfies ShapeOf<Stripe.InvoiceFinalizeInvoiceParams>);

const PayParams = z.strictObject({
  off_session: flag().optional(),
  paid_out_of_band: flag().optional(),
  payment_method: text().optional(),
} satisfies ShapeOf<Stripe.InvoicePayParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  collection_method: oneOf(["charge_automatically", "send_invoice"]).optional(),
  customer: text().optional(),
  status: oneOf(["draft", "open", "paid", "uncollectible", "void"]).optional(),
  subscription: text().optional(),
} satisfies ShapeOf<Stripe.InvoiceListParams>);

export const invoiceRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/invoices",
    params: CreateParams,
    handle(call, { params }) {
      const { customer: customerId, currency: code, pending_invoice_items_behavior: pending, ...rest } = params;
      const customer = requireCustomer(call, customerId);
      const asked = changesOf(call, customer.id, rest, {});
      return createInvoice(call, { customer, currency: code, takesPending: pending === "include", asked });
    },
  }),
  route({
    method: "GET",
    path: "/v1/invoices",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.invoices
        .values()
        .filter((invoice) => inRange(invoice.created, params.created))
        .filter(({ collection_method: method }) => [undefined, method].includes(params.collection_method))
        .filter(({ customer }) => params.customer === undefined || idOf(customer) === params.customer)
        .filter((invoice) => params.status === undefined || invoice.status === params.status)
        .filter(
          ({ parent }) =>
            params.subscription === undefined ||
            idOf(parent?.subscription_details?.subscription) === params.subscription,
        );
      return listPage("/v1/invoices", found, params);
    },
  }),
  route({ method: "GET", path: "/v1/invoices/:id", params: noParams, handle: (call, { id }) => getInvoice(call, id) }),
  route({
    method: "GET",
    path: "/v1/invoices/:id/lines",
    params: z.strictObject(pageParams),
    handle: (call, { id, params }) => cut(`/v1/invoices/${id}/lines`, getInvoice(call, id).lines.data, params),
  }),
  route({
    method: "POST",
    path: "/v1/invoices/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const invoice = getInvoice(call, id);
      return updateInvoice(
        call,
        invoice,
        changesOf(call, idOf(invoice.customer) ?? "", params, invoice.metadata ?? {}),
      );
    },
  }),
  route({
    method: "DELETE",
    path: "/v1/invoices/:id",
    params: noParams,
    handle(call, { id }) {
      const invoice = getInvoice(call, id);
      if (invoice.status !== "draft" || invoice.parent !== null) {
        throw invalidRequest("You can only delete draft invoices that are not of a subscription. Void it instead.");
      }
      for (const item of call.store.invoiceItems.values()) {
        if (idOf(item.invoice) === id) call.store.invoiceItems.delete(item.id);
      }
      call.store.invoices.delete(id);
      emitEvent(call, { type: "invoice.deleted", object: asEventObject(invoice) });
      return { id, object: "invoice", deleted: true } satisfies Stripe.DeletedInvoice;
    },
  }),
  route({
    method: "POST",
    path: "/v1/invoices/:id/finalize",
    params: FinalizeParams,
    handle(call, { id, params }) {
      const open = finalizeInvoice(call, getInvoice(call, id));
      const advances = params.auto_advance ?? open.auto_advance ?? false;
      if (open.status !== "open" || (!advances && !open.auto_advance)) return open;
      const isCharged = advances && open.collection_method === "charge_automatically";
      const planned = { ...open, auto_advance: advances, next_payment_attempt: isCharged ? call.now + 60 * 60 : null };
      call.store.invoices.put(id, planned);
      return planned;
    },
  }),
  route({
    method: "POST",
    path: "/v1/invoices/:id/pay",
    params: PayParams,
    handle: (call, { id, params }) =>
      payInvoice(call, getInvoice(call, id), {
        method: params.payment_method,
        isPaidElsewhere: params.paid_out_of_band ?? false,
      }),
  }),
  route({
    method: "POST",
    path: "/v1/invoices/:id/send",
    params: noParams,
    handle: (call, { id }) => sendInvoice(call, getInvoice(call, id)),
  }),
  route({
    method: "POST",
    path: "/v1/invoices/:id/void",
    params: noParams,
    handle: (call, { id }) => voidInvoice(call, getInvoice(call, id)),
  }),
  route({
    method: "POST",
    path: "/v1/invoices/:id/mark_uncollectible",
    params: noParams,
    handle: (call, { id }) => markUncollectible(call, getInvoice(call, id)),
  }),
];

function getInvoice(call: Call, id: string): WireInvoice {
  const invoice = call.store.invoices.get(id);
  if (!invoice) throw noSuch("invoice", id, { param: "invoice" });
  return invoice;
}

function changesOf(
  call: Call,
  customerId: string,
  params: z.infer<typeof UpdateParams>,
  old: Stripe.Metadata,
): AskedChanges {
  const { default_payment_method: method, metadata: given, ...rest } = params;
  return {
    ...rest,
    ...(method === undefined
      ? {}
      : { default_payment_method: requireOwnMethod(call, customerId, method, "default_payment_method").id }),
    ...(given === undefined ? {} : { metadata: mergeMetadata(old, given) }),
  };
}
