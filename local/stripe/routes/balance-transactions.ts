import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { currency, type ShapeOf, text } from "../params";
import { noSuch } from "../wire";

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  currency: currency().optional(),
  source: text().optional(),
  type: text().optional(),
} satisfies ShapeOf<Stripe.BalanceTransactionListParams>);

export const balanceTransactionRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/balance_transactions",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.balanceTransactions
        .values()
        .filter((transaction) => inRange(transaction.created, params.created))
        .filter((transaction) => params.currency === undefined || transaction.currency === params.currency)
        .filter((transaction) => params.source === undefined || idOf(transaction.source) === params.source)
        .filter((transaction) => params.type === undefined || transaction.type === params.type);
      return listPage("/v1/balance_transactions", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/balance_transactions/:id",
    params: noParams,
    handle(call, { id }) {
      const transaction = call.store.balanceTransactions.get(id);
      if (!transaction) throw noSuch("balance transaction", id);
      return transaction;
    },
  }),
];
