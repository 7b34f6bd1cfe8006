import { db } from "@/lib/db/client";
import type { StoreSettings, TaxRate } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { ShippingRateId } from "@/lib/ids";
import { type Currency, type Money, money } from "@/lib/money/money";

/** A way to ship to a country, by its price in the list. */
export type ShippingWay = { id: ShippingRateId; name: string; amount: Money; freeFrom: Money | null };

/** The tax of a country: its standard rate, and those of product types. */
export type CountryTax = {
  name: string | null;
  shippingBasisPoints: number;
  basisPointsOf(type: string | null): number;
};

/** What the store charges beside the goods, by country. */
export type PriceList = {
  currency: Currency;
  taxIncluded: boolean;
  /** Where parcels go, with at least one way each, in the store's order. */
  ways: ReadonlyMap<string, readonly [ShippingWay, ...ShippingWay[]]>;
  taxOf(country: string): CountryTax;
};

/** Reads how the store ships and what tax it adds, as it is now. */
export async function readPriceList(
  settings: Pick<StoreSettings, "currency" | "pricesIncludeTax">,
  tx?: Tx,
): Promise<PriceList> {
  const { currency } = money(0, settings.currency);
  const zones = await (tx ?? db()).shippingZone.findMany({
    include: {
      countries: { orderBy: { country: "asc" } },
      rates: { where: { active: true, currency }, orderBy: { position: "asc" } },
    },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  const taxRates = await (tx ?? db()).taxRate.findMany();
  const entries = zones.flatMap(({ countries, rates }) => {
    const [first, ...others] = rates.map(
      ({ id, name, amount, freeFromAmount }): ShippingWay => ({
        id: id as ShippingRateId,
        name,
        amount: money(amount, currency),
        freeFrom: freeFromAmount === null ? null : money(freeFromAmount, currency),
      }),
    );
    return first ? countries.map(({ country }) => [country, [first, ...others]] as const) : [];
  });
  return {
    currency,
    taxIncluded: settings.pricesIncludeTax,
    ways: new Map(entries),
    taxOf: (country) => toCountryTax(taxRates.filter((rate) => rate.country === country)),
  };
}

function toCountryTax(rates: readonly TaxRate[]): CountryTax {
  const standard = rates.find(({ productType }) => productType === null);
  const byType = new Map(rates.map(({ productType, basisPoints }) => [productType, basisPoints]));
  return {
    name: (standard ?? rates[0])?.name ?? null,
    shippingBasisPoints: standard?.appliesToShipping ? standard.basisPoints : 0,
    basisPointsOf: (type) => byType.get(type) ?? standard?.basisPoints ?? 0,
  };
}
