import { db } from "@/lib/db/client";
import type { TaxRate } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
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

type Row = { currency: string; taxIncluded: boolean; rows: WayRow[]; taxRates: TaxRow[] };

/**
 * Reads how the store ships and what tax it adds, as it is now; to one country where that is all that is asked, and in
 * the store's currency unless told otherwise.
 */
export async function readPriceList(asked: { tx?: Tx; country?: string; currency?: string } = {}): Promise<PriceList> {
  const one = asked.country ?? null;
  const [read] = await (asked.tx ?? db()).$queryRaw<Row[]>`
    select terms.currency, prices_include_tax as "taxIncluded",
      (select coalesce(json_agg(json_build_object(
          'country', country, 'id', rate.id, 'name', rate.name, 'amount', amount, 'freeFromAmount', free_from_amount)
          order by zone.position, zone.id, country, rate.position), '[]')
        from shipping_zone zone
          join shipping_zone_country on shipping_zone_country.zone_id = zone.id
          join shipping_rate rate on rate.zone_id = zone.id
        where active and rate.currency = terms.currency and country = coalesce(${one}, country)) as rows,
      (select coalesce(json_agg(json_build_object(
          'country', country, 'productType', product_type, 'name', name, 'basisPoints', basis_points,
          'appliesToShipping', applies_to_shipping) order by id), '[]')
        from tax_rate where country = coalesce(${one}, country)) as "taxRates"
    from (
      select coalesce(${asked.currency ?? null}, currency) as currency, prices_include_tax
      from store_settings where id = 1) terms`;
  invariant(read, "the seed has made the store's settings");
  const { rows, taxRates, taxIncluded } = read;
  const { currency } = money(0, read.currency);
  const ways = new Map<string, [ShippingWay, ...ShippingWay[]]>();
  for (const row of rows) {
    const others = ways.get(row.country);
    if (others) others.push(toWay(row, currency));
    else ways.set(row.country, [toWay(row, currency)]);
  }
  return {
    currency,
    taxIncluded,
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
