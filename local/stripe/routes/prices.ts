import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { createPrice } from "../catalog/create-price";
import { createProduct } from "../catalog/create-product";
import { tellPrice } from "../catalog/tell-price";
import { toRecurring } from "../catalog/to-recurring";
import { updatePrice } from "../catalog/update-price";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, metadata, oneOf, recurring, type ShapeOf, text } from "../params";
import type { WirePrice } from "../store";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest, noSuch } from "../wire";

const described = {
  active: flag().optional(),
  lookup_key: text(200).optional(),
  metadata: metadata().optional(),
  nickname: text().optional(),
  tax_behavior: oneOf(["exclusive", "inclusive", "unspecified"]).optional(),
};

const CreateParams = z.strictObject({
  ...described,
  currency: currency(),
  product: text().optional(),
  recurring: recurring().optional(),
  product_data: z.strictObject({ name: text(250), metadata: metadata().optional() }).optional(),
  unit_amount: integer({ min: 0 }),
} satisfies ShapeOf<Stripe.PriceCreateParams>);

const UpdateParams = z.strictObject(described satisfies ShapeOf<Stripe.PriceUpdateParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  active: flag().optional(),
  currency: currency().optional(),
  product: text().optional(),
  type: oneOf(["one_time", "recurring"]).optional(),
} satisfies ShapeOf<Stripe.PriceListParams>);

export const priceRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/prices",
    params: CreateParams,
    handle(call, { params }) {
      const { product, product_data: data, metadata: given, recurring: repeats, ...fields } = params;
      const price = createPrice(call, {
        ...fields,
        ...(repeats ? { recurring: toRecurring(repeats) } : {}),
        metadata: mergeMetadata(null, given),
        product: productFor(call, product, data && { name: data.name, metadata: mergeMetadata(null, data.metadata) }),
      });
      tellPrice(call, "created", price);
      return price;
    },
  }),
  route({
    method: "GET",
    path: "/v1/prices",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.prices
        .values()
        .filter((price) => inRange(price.created, params.created))
        .filter((price) => params.active === undefined || price.active === params.active)
        .filter((price) => params.currency === undefined || price.currency === params.currency)
        .filter((price) => params.product === undefined || idOf(price.product) === params.product)
        .filter((price) => params.type === undefined || price.type === params.type);
      return listPage("/v1/prices", found, params);
    },
  }),
  route({ method: "GET", path: "/v1/prices/:id", params: noParams, handle: (call, { id }) => getPrice(call, id) }),
  route({
    method: "POST",
    path: "/v1/prices/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      return updatePrice(call, getPrice(call, id), params);
    },
  }),
];

function getPrice(call: Call, id: string): WirePrice {
  const price = call.store.prices.get(id);
  if (!price) throw noSuch("price", id, { param: "price" });
  return price;
}

function productFor(
  call: Call,
  id: string | undefined,
  data: { name: string; metadata: Stripe.Metadata } | undefined,
): string {
  if (data) {
    const product = createProduct(call, data);
    emitEvent(call, { type: "product.created", object: product });
    return product.id;
  }
  if (id === undefined) throw invalidRequest("You must provide either product or product_data.", { param: "product" });
  if (!call.store.products.get(id)) throw noSuch("product", id, { param: "product", status: 400 });
  return id;
}
