import { type Route, route } from "../api";
import { noParams } from "../list";
import { noSuch } from "../wire";

/** What this Stripe does not make itself yet: it can be read once it was planted through `/_local/plant`. */
export const plantedRoutes: Route[] = [
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
