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

type WayRow = { country: string; id: ShippingRateId; name: string; amount: number; freeFromAmount: number | null };

type TaxRow = Omit<TaxRate, "id">;

/** Reads how the store ships and what tax it adds, as it is now; to one country where that is all that is asked. */
export async function readPriceList(
  settings: Pick<StoreSettings, "currency" | "pricesIncludeTax">,
  { tx, country }: { tx?: Tx; country?: string } = {},
): Promise<PriceList> {
  const { currency } = money(0, settings.currency);
  const one = country ?? null;
  const [{ rows, taxRates }] = await (tx ?? db()).$queryRaw<[{ rows: WayRow[]; taxRates: TaxRow[] }]>`
    select
      (select coalesce(json_agg(json_build_object(
          'country', country, 'id', rate.id, 'name', rate.name, 'amount', amount, 'freeFromAmount', free_from_amount)
          order by zone.position, zone.id, country, rate.position), '[]')
        from shipping_zone zone
          join shipping_zone_country on shipping_zone_country.zone_id = zone.id
          join shipping_rate rate on rate.zone_id = zone.id
        where active and currency = ${currency} and country = coalesce(${one}, country)) as rows,
      (select coalesce(json_agg(json_build_object(
          'country', country, 'productType', product_type, 'name', name, 'basisPoints', basis_points,
          'appliesToShipping', applies_to_shipping) order by id), '[]')
        from tax_rate where country = coalesce(${one}, country)) as "taxRates"`;
  const ways = new Map<string, [ShippingWay, ...ShippingWay[]]>();
  for (const row of rows) {
    const others = ways.get(row.country);
    if (others) others.push(toWay(row, currency));
    else ways.set(row.country, [toWay(row, currency)]);
  }
  return {
    currency,
    taxIncluded: settings.pricesIncludeTax,
    ways,
    taxOf: (asked) => toCountryTax(taxRates.filter((rate) => rate.country === asked)),
  };
}

function toWay({ id, name, amount, freeFromAmount }: WayRow, currency: Currency): ShippingWay {
  const freeFrom = freeFromAmount === null ? null : money(freeFromAmount, currency);
  return { id, name, amount: money(amount, currency), freeFrom };
}

function toCountryTax(rates: readonly TaxRow[]): CountryTax {
  const standard = rates.find(({ productType }) => productType === null);
  const byType = new Map(rates.map(({ productType, basisPoints }) => [productType, basisPoints]));
  return {
    name: (standard ?? rates[0])?.name ?? null,
    shippingBasisPoints: standard?.appliesToShipping ? standard.basisPoints : 0,
    basisPointsOf: (type) => byType.get(type) ?? standard?.basisPoints ?? 0,
  };
}
