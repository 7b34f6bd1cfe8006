import type { ImportType } from "@/lib/imports/import-type";
import { makeCustomers } from "./customers";
import { makeInventory } from "./inventory";
import type { MadeFile } from "./made-file";
import { makeOrders } from "./orders";
import { makeProducts } from "./products";
import { makeRecords } from "./records";

const makers = {
  products: makeProducts,
  inventory: makeInventory,
  customers: makeCustomers,
  orders: makeOrders,
  records: makeRecords,
} satisfies Record<ImportType, (seed: number, rowsWanted: number) => MadeFile>;

/** A file of a kind with about so many rows, one in a hundred of them bad; the same for the same seed. */
export function makeFile(type: ImportType, seed: number, rowsWanted: number): MadeFile {
  return makers[type](seed, rowsWanted);
}
