import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";

const currency = "EUR";

/** Where the demo shop ships to and for what. Amounts in cents. */
const zones = [
  {
    name: "Ireland and United Kingdom",
    countries: "IE GB",
    rates: [
      { name: "Standard", amount: 490, freeFromAmount: 7500 },
      { name: "Express", amount: 1290 },
    ],
  },
  {
    name: "Europe",
    countries: "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK",
    rates: [
      { name: "Standard", amount: 990, freeFromAmount: 15_000 },
      { name: "Express", amount: 2490 },
    ],
  },
];

/** Standard rates of value added tax, in basis points. Parcels to the other countries leave without tax. */
const vat: Record<string, number> = {
  ...{ AT: 2000, BE: 2100, BG: 2000, CY: 1900, CZ: 2100, DE: 1900, DK: 2500, EE: 2400, ES: 2100, FI: 2550, FR: 2000 },
  ...{ GB: 2000, GR: 2400, HR: 2500, HU: 2700, IE: 2300, IT: 2200, LT: 2100, LU: 1700, LV: 2100, MT: 1800, NL: 2100 },
  ...{ PL: 2300, PT: 2300, RO: 2100, SE: 2500, SI: 2200, SK: 2300 },
};

const discounts = [
  { code: "WELCOME10", kind: "percent", value: 1000, oncePerEmail: true },
  { code: "FIVEOFF", kind: "fixed_amount", value: 500, currency, minimumSubtotalAmount: 5000 },
] as const;

/** What is there already stays as it is. */
export async function seedPriceList(): Promise<void> {
  if ((await db().shippingZone.count()) === 0)
    for (const [index, { name, countries, rates }] of zones.entries())
      await db().shippingZone.create({
        data: {
          id: newId("shippingZone"),
          name,
          position: index + 1,
          countries: { create: countries.split(" ").map((country) => ({ country })) },
          rates: {
            create: rates.map((rate, place) => ({
              id: newId("shippingRate"),
              position: place + 1,
              currency,
              ...rate,
            })),
          },
        },
      });
  if ((await db().taxRate.count()) === 0)
    await db().taxRate.createMany({
      data: Object.entries(vat).map(([country, basisPoints]) => ({
        id: newId("taxRate"),
        country,
        name: "VAT",
        basisPoints,
        appliesToShipping: true,
      })),
    });
  await db().discount.createMany({
    data: discounts.map((discount) => ({ id: newId("discount"), ...discount })),
    skipDuplicates: true,
  });
}
