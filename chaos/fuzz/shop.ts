import { db } from "@/lib/db/client";
import { newId, type VariantId } from "@/lib/ids";
import type { Currency } from "@/lib/money/money";
import type { Random } from "../random";
import type { OracleDiscount } from "./oracle";
import { chance, pick } from "./pick";

export type Item = { variantId: VariantId; title: string; unit: number; type: string | null; currency: string };
export type Way = { id: string; amount: number; freeFrom: number | null };
export type Country = {
  code: string;
  ways: Way[];
  standard: number | null;
  ofType: Map<string, number>;
  taxesShipping: boolean;
};
export type Code = {
  code: string;
  off: OracleDiscount;
  minimum: number | null;
  /** Nobody can use it, whatever the order is. */
  isDead: boolean;
  oncePerEmail: boolean;
  usageMax: number | null;
};
/** Everything a price depends on, as plain data that the oracle reads. */
export type Shop = {
  currency: Currency;
  taxIncluded: boolean;
  items: Item[];
  /** Not counted, on sale, in another currency; and not on sale. */
  foreign: Item;
  withdrawn: Item;
  countries: Country[];
  /** A way that is not offered any more. */
  closedWay: string;
  codes: Code[];
};

const types = ["food", "books"];
const itemsCount = 16;

/** Opens the store anew in a currency, with other prices, ways of shipping, taxes and codes, and says what they are. */
export async function openFuzzShop(random: Random, currency: Currency, taxIncluded: boolean): Promise<Shop> {
  const settings = { name: "Shopfloor", currency, pricesIncludeTax: taxIncluded, reportRecipients: ["a@b.example"] };
  await db().storeSettings.upsert({ where: { id: 1 }, create: settings, update: settings });
  const items: Item[] = [];
  for (let n = 0; n < itemsCount; n++)
    items.push(await shelveItem(random, `Item ${n}`, priceOf(random, currency), currency));
  const foreign = await shelveItem(random, "Foreign", 1_000, currency === "USD" ? "EUR" : "USD");
  const withdrawn = await shelveItem(random, "Withdrawn", 1_000, currency);
  await db().product.updateMany({
    where: { variants: { some: { id: withdrawn.variantId } } },
    data: { status: "draft" },
  });
  return {
    currency,
    taxIncluded,
    items,
    foreign,
    withdrawn,
    ...(await openWays(random, currency)),
    codes: await issueCodes(random, currency),
  };
}

/** Small, usual, large, and where numbers end; with three decimals mostly in the steps that Stripe takes. */
function priceOf(random: Random, currency: Currency): number {
  const price = anyPrice(random);
  return currency === "KWD" && chance(random, 85) ? price - (price % 10) : price;
}

function anyPrice(random: Random): number {
  return pick(random, [
    () => random.between(0, 99),
    () => random.between(100, 9_999),
    () => random.between(100, 9_999),
    () => random.between(10_000, 999_999),
    () => random.between(1_000_000, 60_000_000),
    () => pick(random, [99_999_999, 100_000_000, 2_147_483_647, 2_147_483_646]),
  ])();
}

async function shelveItem(random: Random, title: string, unit: number, currency: string): Promise<Item> {
  const [productId, variantId] = [newId("product"), newId("variant")];
  const type = chance(random, 40) ? pick(random, types) : null;
  await db().product.create({
    data: {
      id: productId,
      handle: productId,
      title,
      productType: type,
      variants: {
        create: {
          id: variantId,
          position: 1,
          title: "Default",
          optionValues: [],
          priceAmount: unit,
          priceCurrency: currency,
          stock: { create: { tracked: false } },
        },
      },
    },
  });
  return { variantId, title, unit, type, currency };
}

async function openWays(random: Random, currency: Currency): Promise<Pick<Shop, "countries" | "closedWay">> {
  await db().shippingZoneCountry.deleteMany({});
  await db().taxRate.deleteMany({});
  const countries: Country[] = [];
  let closedWay = "";
  for (const [position, codes] of [["DE", "AT"], ["GB"], ["US", "CA"]].entries()) {
    const zoneId = newId("shippingZone");
    const ways = Array.from({ length: position === 1 ? 1 : 2 }, () => ({
      id: newId("shippingRate") as string,
      amount: chance(random, 10) ? 0 : random.between(1, 500) * 10,
      freeFrom: chance(random, 50) ? random.between(0, 200_000) : null,
    }));
    closedWay = newId("shippingRate");
    const rate = (way: Way, at: number, active: boolean) => ({
      id: way.id,
      position: at + 1,
      name: `Way ${at + 1}`,
      amount: way.amount,
      currency,
      freeFromAmount: way.freeFrom,
      active,
    });
    await db().shippingZone.create({
      data: {
        id: zoneId,
        name: codes.join(", "),
        position: position + 1,
        countries: { create: codes.map((country) => ({ country })) },
        rates: {
          create: [
            ...ways.map((way, at) => rate(way, at, true)),
            rate({ id: closedWay, amount: 1, freeFrom: null }, ways.length, false),
          ],
        },
      },
    });
    for (const code of codes) countries.push(await taxCountry(random, code, ways));
  }
  return { countries, closedWay };
}

async function taxCountry(random: Random, code: string, ways: Way[]): Promise<Country> {
  const standard = chance(random, 80) ? random.between(0, 2_750) : null;
  const taxesShipping = standard !== null && chance(random, 50);
  const ofType = new Map(types.filter(() => chance(random, 50)).map((type) => [type, random.between(0, 1_000)]));
  const rate = { country: code, name: "VAT" };
  await db().taxRate.createMany({
    data: [
      ...(standard === null
        ? []
        : [{ ...rate, id: newId("taxRate"), basisPoints: standard, appliesToShipping: taxesShipping }]),
      ...[...ofType].map(([productType, basisPoints]) => ({ ...rate, id: newId("taxRate"), productType, basisPoints })),
    ],
  });
  return { code, ways, standard, ofType, taxesShipping };
}

let issued = 0;

async function issueCodes(random: Random, currency: Currency): Promise<Code[]> {
  const live = { isDead: false, minimum: null, oncePerEmail: false, usageMax: null };
  const percent = (basisPoints: number): OracleDiscount => ({ kind: "percent", basisPoints: BigInt(basisPoints) });
  const fixed = (amount: number): OracleDiscount => ({ kind: "fixed_amount", amount: BigInt(amount) });
  const dayMs = 86_400_000;
  const wanted: [Omit<Code, "code">, object][] = [
    [{ ...live, off: percent(1_000) }, {}],
    [{ ...live, off: percent(random.between(1, 9_999)) }, {}],
    [{ ...live, off: percent(10_000) }, {}],
    [{ ...live, off: fixed(random.between(1, 5_000)) }, {}],
    [{ ...live, off: fixed(2_147_483_647) }, {}],
    [{ ...live, off: { kind: "free_shipping" } }, {}],
    [{ ...live, off: percent(500), minimum: random.between(1, 100_000) }, {}],
    [{ ...live, off: percent(500), oncePerEmail: true }, {}],
    [{ ...live, off: percent(500), usageMax: 3 }, {}],
    [{ ...live, off: percent(500), isDead: true }, { active: false }],
    [{ ...live, off: percent(500), isDead: true }, { endsAt: new Date(Date.now() - dayMs) }],
    [{ ...live, off: percent(500), isDead: true }, { startsAt: new Date(Date.now() + dayMs) }],
    [{ ...live, off: percent(500), isDead: true }, { currency: currency === "USD" ? "EUR" : "USD" }],
  ];
  const codes = wanted.map(([terms, more]) => ({ terms: { ...terms, code: `CODE-${++issued}` }, more }));
  await db().discount.createMany({
    data: codes.map(({ terms: { code, off, minimum, oncePerEmail, usageMax }, more }) => ({
      id: newId("discount"),
      code,
      kind: off.kind,
      value: off.kind === "percent" ? Number(off.basisPoints) : off.kind === "fixed_amount" ? Number(off.amount) : 0,
      currency: off.kind === "fixed_amount" || minimum !== null ? currency : null,
      minimumSubtotalAmount: minimum,
      oncePerEmail,
      usageMax,
      ...more,
    })),
  });
  return codes.map(({ terms }) => terms);
}
