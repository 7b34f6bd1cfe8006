import { db } from "@/lib/db/client";
import type { StoreSettings } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";

/** The owner's decisions about the store. There is always exactly one row, made by the seed. */
export function getStoreSettings(tx?: Tx): Promise<StoreSettings> {
  return (tx ?? db()).storeSettings.findUniqueOrThrow({ where: { id: 1 } });
}
