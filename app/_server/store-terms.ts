import type { StoreSettings } from "@/lib/db/generated/client";
import type { Money } from "@/lib/money/money";
import { getShippingOffer } from "@/lib/orders/get-shipping-offer";
import { type PriceList, readPriceList } from "@/lib/orders/price-list";
import { getStoreSettings } from "@/lib/store-settings";

/** What the owner has decided and pages show: the settings, the ways of shipping, the taxes. */
type StoreTerms = {
  settings: StoreSettings;
  list: PriceList;
  offer: { from: Money | null; freeFrom: Money | null };
};

const freshMs = 5_000;

let known: { terms: Promise<StoreTerms>; readAt: number } | undefined;

/**
 * The store's terms, at most five seconds old. For pages only: what an order costs is worked out from the tables when it
 * is placed, and an order that would cost something else than its page said is refused.
 */
export function recentTerms(): Promise<StoreTerms> {
  const now = performance.now();
  if (known && now - known.readAt < freshMs) return known.terms;
  const terms = readTerms();
  known = { terms, readAt: now };
  // What could not be read is not kept; whoever awaits it hears of it.
  terms.catch(() => {
    if (known?.terms === terms) known = undefined;
  });
  return terms;
}

async function readTerms(): Promise<StoreTerms> {
  const settings = await getStoreSettings();
  const [list, offer] = await Promise.all([readPriceList(), getShippingOffer(settings.currency)]);
  return { settings, list, offer };
}
