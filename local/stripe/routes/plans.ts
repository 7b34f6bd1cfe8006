import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { createPrice } from "../catalog/create-price";
import { createProduct } from "../catalog/create-product";
import { planOf } from "../catalog/plan-of";
import { tellPrice } from "../catalog/tell-price";
import { toRecurring } from "../catalog/to-recurring";
import { updatePrice } from "../catalog/update-price";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, metadata, oneOf, type ShapeOf, text } from "../params";
import type { WirePrice } from "../store";
import { emitEvent } from "../webhooks/emit-event";
import { noSuch } from "../wire";

const CreateParams = z.strictObject({
  active: flag().optional(),
  amount: integer({ min: 0 }),
  currency: currency(),
  id: text().optional(),
  interval: oneOf(["day", "week", "month", "year"]),
  interval_count: integer({ min: 1 }).optional(),
  metadata: metadata().optional(),
  nickname: text().optional(),
  product: z.union([text(), z.strictObject({ name: text(250), metadata: metadata().optional() })]),
} satisfies ShapeOf<Stripe.PlanCreateParams>);

const UpdateParams = z.strictObject({
  active: flag().optional(),
  metadata: metadata().optional(),
  nickname: text().optional(),
} satisfies ShapeOf<Stripe.PlanUpdateParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  active: flag().optional(),
  product: text().optional(),
} satisfies ShapeOf<Stripe.PlanListParams>);

/** The older name of recurring prices: what is made here is one, and the other way round. */
export const planRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/plans",
    params: CreateParams,
    handle(call, { params }) {
      const { amount, interval, interval_count, metadata: given, product, ...fields } = params;
      const price = createPrice(call, {
        ...fields,
        metadata: mergeMetadata(null, given),
        product: productFor(call, product),
        recurring: toRecurring({ interval, ...(interval_count ? { interval_count } : {}) }),
        unit_amount: amount,
      });
      tellPrice(call, "created", price);
      return shown(price);
    },
  }),
  route({
    method: "GET",
    path: "/v1/plans",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.prices
        .values()
        .filter((price) => inRange(price.created, params.created))
        .filter((price) => params.active === undefined || price.active === params.active)
        .filter((price) => params.product === undefined || price.product === params.product)
        .flatMap((price) => planOf(price) ?? []);
      return listPage("/v1/plans", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/plans/:id",
    params: noParams,
    handle: (call, { id }) => shown(getRecurring(call, id)),
  }),
  route({
    method: "POST",
    path: "/v1/plans/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      return shown(updatePrice(call, getRecurring(call, id), params));
    },
  }),
  route({
    method: "DELETE",
    path: "/v1/plans/:id",
    params: noParams,
    // Subscriptions keep the copy of the plan that their items have.
    handle(call, { id }) {
      const price = getRecurring(call, id);
      call.store.prices.delete(id);
      tellPrice(call, "deleted", price);
      return { id, object: "plan", deleted: true } satisfies Stripe.DeletedPlan;
    },
  }),
];

function getRecurring(call: Call, id: string): WirePrice {
  const price = call.store.prices.get(id);
  if (!price?.recurring) throw noSuch("plan", id, { param: "plan" });
  return price;
}

function shown(price: WirePrice): object {
  return planOf(price) ?? price;
}

function productFor(call: Call, asked: z.infer<typeof CreateParams>["product"]): string {
  if (typeof asked === "string") {
    if (!call.store.products.get(asked)) throw noSuch("product", asked, { param: "product", status: 400 });
    return asked;
  }
  const product = createProduct(call, { name: asked.name, metadata: mergeMetadata(null, asked.metadata) });
  emitEvent(call, { type: "product.created", object: product });
  return product.id;
}
