import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { createProduct } from "../catalog/create-product";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { flag, list, metadata, type ShapeOf, text } from "../params";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest, noSuch } from "../wire";

const described = {
  active: flag().optional(),
  description: text(40_000).optional(),
  images: list(text()).optional(),
  metadata: metadata().optional(),
  shippable: flag().optional(),
  unit_label: text().optional(),
  url: text().optional(),
};

const CreateParams = z.strictObject({
  ...described,
  id: text().optional(),
  name: text(250),
} satisfies ShapeOf<Stripe.ProductCreateParams>);

const UpdateParams = z.strictObject({
  ...described,
  name: text(250).optional(),
} satisfies ShapeOf<Stripe.ProductUpdateParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  active: flag().optional(),
} satisfies ShapeOf<Stripe.ProductListParams>);

export const productRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/products",
    params: CreateParams,
    handle(call, { params }) {
      if (params.id !== undefined && call.store.products.get(params.id)) {
        throw invalidRequest("Product already exists.", { code: "resource_already_exists", param: "id" });
      }
      const product = createProduct(call, { ...params, metadata: mergeMetadata(null, params.metadata) });
      emitEvent(call, { type: "product.created", object: product });
      return product;
    },
  }),
  route({
    method: "GET",
    path: "/v1/products",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.products
        .values()
        .filter((product) => inRange(product.created, params.created))
        .filter((product) => params.active === undefined || product.active === params.active);
      return listPage("/v1/products", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/products/:id",
    params: noParams,
    handle: (call, { id }) => getProduct(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/products/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const product = getProduct(call, id);
      const changed = { ...params, metadata: mergeMetadata(product.metadata, params.metadata) };
      const updated: Stripe.Product = { ...product, ...changed, updated: call.now };
      call.store.products.put(id, updated);
      emitEvent(call, { type: "product.updated", object: updated, previous: { updated: product.updated } });
      return updated;
    },
  }),
  route({
    method: "DELETE",
    path: "/v1/products/:id",
    params: noParams,
    handle(call, { id }) {
      const product = getProduct(call, id);
      if (call.store.prices.values().some((price) => price.product === id)) {
        throw invalidRequest("This product cannot be deleted because it has one or more user-created prices.");
      }
      call.store.products.delete(id);
      emitEvent(call, { type: "product.deleted", object: product });
      return { id, object: "product", deleted: true } satisfies Stripe.DeletedProduct;
    },
  }),
];

function getProduct(call: Call, id: string): Stripe.Product {
  const product = call.store.products.get(id);
  if (!product) throw noSuch("product", id);
  return product;
}
