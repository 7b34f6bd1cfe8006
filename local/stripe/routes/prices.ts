import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { asEventObject, createPrice } from "../catalog/create-price";
import { createProduct } from "../catalog/create-product";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { currency, flag, integer, metadata, oneOf, type ShapeOf, text } from "../params";
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
} satisfies ShapeOf<Stripe.PriceListParams>);

/** Prices of one purchase. Recurring ones come with subscriptions. */
export const priceRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/prices",
    params: CreateParams,
    handle(call, { params }) {
      const { product, product_data: data, metadata: given, ...fields } = params;
      const price = createPrice(call, {
        ...fields,
        metadata: mergeMetadata(null, given),
        product: productFor(call, product, data && { name: data.name, metadata: mergeMetadata(null, data.metadata) }),
      });
      emitEvent(call, { type: "price.created", object: asEventObject(price) });
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
        .filter((price) => params.product === undefined || idOf(price.product) === params.product);
      return listPage("/v1/prices", found, params);
    },
  }),
  route({ method: "GET", path: "/v1/prices/:id", params: noParams, handle: (call, { id }) => getPrice(call, id) }),
  route({
    method: "POST",
    path: "/v1/prices/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const price = getPrice(call, id);
      const updated: WirePrice = { ...price, ...params, metadata: mergeMetadata(price.metadata, params.metadata) };
      call.store.prices.put(id, updated);
      emitEvent(call, {
        type: "price.updated",
        object: asEventObject(updated),
        previous: { metadata: price.metadata },
      });
      return updated;
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
