import { db } from "@/lib/db/client";
import type { StoreSettings } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";

/** The owner's decisions about the store. There is always exactly one row, made by the seed. */
export async function getStoreSettings(tx?: Tx): Promise<StoreSettings> {
  // Every page asks for it, and plain SQL costs half of what a model's method does.
  const [settings] = await (tx ?? db()).$queryRaw<StoreSettings[]>`
    select id, name, currency, time_zone as "timeZone", prices_include_tax as "pricesIncludeTax",
      report_recipients as "reportRecipients", review_from_amount as "reviewFromAmount"
    from store_settings where id = 1`;
  invariant(settings, "the seed has made the store's settings");
  return settings;
}
