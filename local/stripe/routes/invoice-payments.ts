import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { idOf } from "../ids";
import { listPage, noParams, pageParams } from "../list";
import { oneOf, type ShapeOf, text } from "../params";
import { noSuch } from "../wire";

const ListParams = z.strictObject({
  ...pageParams,
  invoice: text().optional(),
  payment: z.strictObject({ payment_intent: text(), type: oneOf(["payment_intent"]) }).optional(),
  status: oneOf(["canceled", "open", "paid"]).optional(),
} satisfies ShapeOf<Stripe.InvoicePaymentListParams>);

/** Which payment pays which invoice. They come with the invoices; here they are only read. */
export const invoicePaymentRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/invoice_payments",
    params: ListParams,
    handle(call, { params }) {
      const intent = params.payment?.payment_intent;
      const found = call.store.invoicePayments
        .values()
        .filter(({ invoice }) => params.invoice === undefined || idOf(invoice) === params.invoice)
        .filter(({ payment }) => intent === undefined || idOf(payment.payment_intent) === intent)
        .filter(({ status }) => params.status === undefined || status === params.status);
      return listPage("/v1/invoice_payments", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/invoice_payments/:id",
    params: noParams,
    handle(call, { id }) {
      const payment = call.store.invoicePayments.get(id);
      if (!payment) throw noSuch("invoice_payment", id, { param: "invoice_payment" });
      return payment;
    },
  }),
];
