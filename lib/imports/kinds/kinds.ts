import type { ImportType } from "../import-type";
import { ordersKind } from "../orders/orders-kind";
import { productsKind } from "../products/products-kind";
import type { ImportKind } from "./import-kind";

/** All that can be imported. What a kind reads only it stores, so what its items are is nobody else's business. */
export const importKinds: Record<ImportType, ImportKind<unknown>> = {
  products: productsKind,
  orders: ordersKind,
};
