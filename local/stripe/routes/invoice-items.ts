import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { createInvoiceItem } from "../billing/create-invoice-item";
import { asEventObject, type WireInvoice, type WireInvoiceItem } from "../billing/objects";
import type { Call } from "../call";
import { createPrice } from "../catalog/create-price";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, integer, metadata, type ShapeOf, text } from "../params";
import type { WirePrice } from "../store";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest, noSuch } from "../wire";
import { requireCustomer } from "./lookups";

const CreateParams = z.strictObject({
  amount: integer().optional(),
  currency: currency().optional(),
  customer: text(),
  description: text().optional(),
  invoice: text().optional(),
  metadata: metadata().optional(),
  price_data: z.strictObject({ currency: currency(), product: text(), unit_amount: integer({ min: 0 }) }).optional(),
  pricing: z.strictObject({ price: text() }).optional(),
  quantity: integer({ min: 0 }).optional(),
} satisfies ShapeOf<Stripe.InvoiceItemCreateParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  customer: text().optional(),
  invoice: text().optional(),
} satisfies ShapeOf<Stripe.InvoiceItemListParams>);

export const invoiceItemRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/invoiceitems",
    params: CreateParams,
    handle(call, { params }) {
      const customer = requireCustomer(call, params.customer);
      return createInvoiceItem(call, {
        ...moneyOf(call, params),
        customer,
        description: params.description ?? null,
        draft: params.invoice === undefined ? undefined : draftOf(call, params.invoice, customer.id),
        metadata: mergeMetadata(null, params.metadata),
      });
    },
  }),
  route({
    method: "GET",
    path: "/v1/invoiceitems",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.invoiceItems
        .values()
        .filter((item) => inRange(item.date, params.created))
        .filter(({ customer }) => params.customer === undefined || idOf(customer) === params.customer)
        .filter(({ invoice }) => params.invoice === undefined || idOf(invoice) === params.invoice);
      return listPage("/v1/invoiceitems", found, params);
    },
  }),
  route({ method: "GET", path: "/v1/invoiceitems/:id", params: noParams, handle: (call, { id }) => getItem(call, id) }),
  route({
    method: "DELETE",
    path: "/v1/invoiceitems/:id",
    params: noParams,
    handle(call, { id }) {
      const item = getItem(call, id);
      if (item.invoice !== null) {
        throw invalidRequest(
          "The local Stripe deletes invoice items that are on no invoice yet. Delete the draft instead.",
        );
      }
      call.store.invoiceItems.delete(id);
      emitEvent(call, { type: "invoiceitem.deleted", object: asEventObject(item) });
      return { id, object: "invoiceitem", deleted: true } satisfies Stripe.DeletedInvoiceItem;
    },
  }),
];

function getItem(call: Call, id: string): WireInvoiceItem {
  const item = call.store.invoiceItems.get(id);
  if (!item) throw noSuch("invoiceitem", id, { param: "invoiceitem" });
  return item;
}

function draftOf(call: Call, id: string, customerId: string): WireInvoice {
  const invoice = call.store.invoices.get(id);
  if (!invoice || idOf(invoice.customer) !== customerId) throw noSuch("invoice", id, { param: "invoice", status: 400 });
  if (invoice.status === "draft") return invoice;
  throw invalidRequest("The invoice is already finalized. Items can be added to draft invoices only.", {
    code: "invoice_not_editable",
    param: "invoice",
  });
}

/** An item is charged by a sum of its own, by a one-time price, or by one made of `price_data`. */
function moneyOf(call: Call, params: z.infer<typeof CreateParams>) {
  const { amount, currency: code, price_data: data, pricing } = params;
  if ([amount, data, pricing].filter((given) => given !== undefined).length !== 1) {
    throw invalidRequest("You must specify exactly one of `amount`, `pricing` and `price_data`.", { param: "amount" });
  }
  if (amount !== undefined) {
    if (code === undefined)
      throw invalidRequest("Missing required param: currency.", { code: "parameter_missing", param: "currency" });
    if (params.quantity !== undefined) {
      throw invalidRequest("You may only specify one of these parameters: amount, quantity.", { param: "quantity" });
    }
    return { currency: code, price: null, quantity: 1, unitAmount: amount };
  }
  const price = data ? createPrice(call, { ...data, active: false }) : oneTimePrice(call, pricing?.price ?? "");
  return {
    currency: price.currency,
    price: { id: price.id, product: idOf(price.product) ?? "" },
    quantity: params.quantity ?? 1,
    unitAmount: price.unit_amount ?? 0,
  };
}

function oneTimePrice(call: Call, id: string): WirePrice {
  const price = call.store.prices.get(id);
  if (!price) throw noSuch("price", id, { param: "pricing[price]", status: 400 });
  if (!price.recurring) return price;
  throw invalidRequest(
    "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.",
    { param: "pricing[price]" },
  );
}
