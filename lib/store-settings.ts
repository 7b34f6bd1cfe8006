import { db } from "@/lib/db/client";
import type { StoreSettings } from "@/lib/db/generated/client";

/** The owner's decisions about the store. There is always exactly one row, made by the seed. */
export function getStoreSettings(): Promise<StoreSettings> {
  return db().storeSettings.findUniqueOrThrow({ where: { id: 1 } });
}
