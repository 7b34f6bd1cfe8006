import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { oneOf, type ShapeOf, text } from "../params";
import { noSuch } from "../wire";

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  status: oneOf(["draft", "open", "paid", "uncollectible", "void"]).optional(),
  subscription: text().optional(),
} satisfies ShapeOf<Stripe.InvoiceListParams>);

/** What this Stripe does not make itself yet: it can be read once it was planted through `/_local/plant`. */
export const plantedRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/invoices",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.invoices
        .values()
        .filter((invoice) => inRange(invoice.created, params.created))
        .filter((invoice) => params.status === undefined || invoice.status === params.status)
        .filter(
          ({ parent }) =>
            params.subscription === undefined ||
            idOf(parent?.subscription_details?.subscription) === params.subscription,
        );
      return listPage("/v1/invoices", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/invoices/:id",
    params: noParams,
    handle(call, { id }) {
      const invoice = call.store.invoices.get(id);
      if (!invoice) throw noSuch("invoice", id, { param: "invoice" });
      return invoice;
    },
  }),
  route({
    method: "GET",
    path: "/v1/subscriptions/:id",
    params: noParams,
    handle(call, { id }) {
      const subscription = call.store.subscriptions.get(id);
      if (!subscription) throw noSuch("subscription", id);
      return subscription;
    },
  }),
];
