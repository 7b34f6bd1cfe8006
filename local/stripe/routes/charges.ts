import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { type ShapeOf, text } from "../params";
import { noSuch } from "../wire";

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  customer: text().optional(),
  payment_intent: text().optional(),
} satisfies ShapeOf<Stripe.ChargeListParams>);

/** Charges are made by PaymentIntents; here they are only read. */
export const chargeRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/charges",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.charges
        .values()
        .filter((charge) => inRange(charge.created, params.created))
        .filter((charge) => params.customer === undefined || idOf(charge.customer) === params.customer)
        .filter((charge) => params.payment_intent === undefined || charge.payment_intent === params.payment_intent);
      return listPage("/v1/charges", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/charges/:id",
    params: noParams,
    handle(call, { id }) {
      const charge = call.store.charges.get(id);
      if (!charge) throw noSuch("charge", id);
      return charge;
    },
  }),
];
