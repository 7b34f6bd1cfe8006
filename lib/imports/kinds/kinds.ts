import { customersKind } from "../customers/customers-kind";
import type { ImportType } from "../import-type";
import { inventoryKind } from "../inventory/inventory-kind";
import { ordersKind } from "../orders/orders-kind";
import { productsKind } from "../products/products-kind";
import { recordsKind } from "../records/records-kind";
import type { ImportKind } from "./import-kind";

/** All that can be imported. What a kind reads only it stores, so what its items are is nobody else's business. */
export const importKinds: Record<ImportType, ImportKind<unknown>> = {
  products: productsKind,
  inventory: inventoryKind,
  customers: customersKind,
  orders: ordersKind,
  records: recordsKind,
};
