import type { ImportId, OrderId } from "@/lib/ids";

/** On every run of the store: what the admin's list of runs subscribes to. */
export const storeRunTag = "store";

/** On every run about one order. */
export const orderRunTag = (id: OrderId): string => `order_${id}`;

/** On every run that works on one import. */
export const importRunTag = (id: ImportId): string => `import_${id}`;
