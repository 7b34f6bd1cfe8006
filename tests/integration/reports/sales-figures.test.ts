import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { type BusinessDate, type BusinessDay, businessDay } from "@/lib/reports/business-day";
import { reportPdf } from "@/lib/reports/pdf/report-pdf";
import { salesFigures } from "@/lib/reports/sales-figures";
import { salesLedger } from "@/lib/reports/sales-ledger";
import { snapshot } from "@/lib/reports/snapshot";
import { startWorld, type World } from "@/tests/support/world";
import { readPdf } from "@/tests/unit/reports/read-pdf";
import { discountOf, goodsOf, grossOf, paidFor, type Sale, seeded, taxOf, totalOf, unitsOf, writeSales } from "./trade";

let world: World<never>;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

const dayOf = (date: string, timeZone: string) => businessDay(date as BusinessDate, timeZone);
const figuresOf = (day: BusinessDay) => snapshot((moment) => salesFigures(moment, { day, storeCurrency: "EUR" }));

async function ledgerOf(day: BusinessDay): Promise<Record<string, string>[]> {
  const csv = await snapshot(async (moment) => {
    let text = "";
    for await (const piece of salesLedger(moment, day)) text += piece;
    return text;
  });
  return parse(csv, { columns: true });
}

const brush = { title: "Bench brush", quantity: 2, unitPrice: 1299 };
const sale = (changes: Partial<Sale> & { capturedAt: Date }): Sale => ({
  currency: "EUR",
  shipping: 490,
  lines: [brush],
  payment: "captured",
  ...changes,
});

const plainTitles = ["Bench brush", "Work apron", "Folding rule", "Claw hammer", "Enamel mug", "Desk lamp", "Oil can"];
const titles = [...plainTitles, "Try square", "Pencils", "Notebook", "=SUM(A1)", 'Screws, 4" x 1', "Κόλλα"];
const states = ["captured", "captured", "captured", "created", "authorized", "voided", "failed", "none"] as const;

/** Sales around a day: most inside, some before and after, not all of them paid. */
function randomSales(day: BusinessDay, seed: number, count: number): Sale[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => from[random(from.length)] as T;
  const length = day.end.getTime() - day.start.getTime();
  return Array.from({ length: count }, () => ({
    currency: pick(["EUR", "EUR", "EUR", "USD", "JPY", "KWD"]),
    ...pick([{ shipping: 0 }, { shipping: 490, shippingTax: 78 }, { shipping: 490 }]),
    taxIncluded: pick([true, true, false]),
    lines: Array.from({ length: 1 + random(4) }, () => {
      const line = { title: pick(titles), quantity: 1 + random(5), unitPrice: random(20_000) };
      const discount = pick([0, 0, random(line.unitPrice + 1)]);
      return { ...line, discount, tax: pick([0, random(line.unitPrice - discount + 1)]) };
    }),
    payment: pick(states),
    capturedAt: new Date(day.start.getTime() - length / 10 + random(length * 1.2)),
  }));
}

/** The same figures, counted from the definitions by other means: plain loops over what the test wrote. */
function counted(sales: readonly { sale: Sale; number: number }[], day: BusinessDay, currency: string) {
  const counting = sales.filter(
    ({ sale }) =>
      sale.payment === "captured" &&
      sale.currency === currency &&
      sale.capturedAt.getTime() >= day.start.getTime() &&
      sale.capturedAt.getTime() < day.end.getTime(),
  );
  const products = new Map<string, { units: number; goods: number }>();
  const hours = new Map<number, number>();
  let [units, gross, discounts, goods, shipping, tax, total] = [0, 0, 0, 0, 0, 0, 0];
  for (const { sale } of counting) {
    units += unitsOf(sale);
    gross += grossOf(sale);
    discounts += discountOf(sale);
    goods += goodsOf(sale);
    shipping += sale.shipping;
    tax += taxOf(sale);
    total += totalOf(sale);
    const hour = Math.floor((sale.capturedAt.getTime() - day.start.getTime()) / 3_600_000);
    hours.set(hour, (hours.get(hour) ?? 0) + goodsOf(sale));
    for (const line of sale.lines) {
      const known = products.get(line.title) ?? { units: 0, goods: 0 };
      known.units += line.quantity;
      known.goods += paidFor(sale, line);
      products.set(line.title, known);
    }
  }
  return {
    orders: counting.length,
    units,
    gross,
    discounts,
    goods,
    shipping,
    tax,
    total,
    captured: total,
    averageOrder: counting.length === 0 ? null : Math.floor(goods / counting.length + 0.5),
    hours,
    products: [...products].map(([title, sums]) => ({ title, ...sums })).sort((a, b) => b.goods - a.goods),
    largest: counting.sort((a, b) => totalOf(b.sale) - totalOf(a.sale) || a.number - b.number),
  };
}

test.each([
  ["UTC", "2026-06-15", 1],
  ["Europe/Berlin", "2026-03-29", 2],
  ["Europe/Berlin", "2026-10-25", 3],
  ["America/New_York", "2026-11-01", 4],
  ["America/New_York", "2027-03-14", 5],
  ["Asia/Kolkata", "2028-02-29", 6],
  ["Pacific/Auckland", "2026-12-31", 7],
])(
  "in %s, %s: every figure equals an independent count, and the ledger adds up to it",
  async (timeZone, date, seed) => {
    const day = dayOf(date, timeZone);
    const sales = randomSales(day, seed, 300);
    const numbers = await writeSales(sales);
    const numbered = sales.map((sale, index) => ({ sale, number: numbers[index] ?? 0 }));

    const figures = await figuresOf(day);
    const ledger = await ledgerOf(day);

    expect(figures.currencies.map(({ currency }) => currency)).toEqual(["EUR", "JPY", "KWD", "USD"]);
    for (const { currency, byHour, topProducts, largestOrders, ...sums } of figures.currencies) {
      const { hours, products, largest, ...expected } = counted(numbered, day, currency);
      expect(sums).toEqual(expected);
      expect(byHour.map(({ goods }) => goods)).toEqual(byHour.map((_, hour) => hours.get(hour) ?? 0));
      expect(topProducts).toEqual(products.slice(0, 10));
      expect(largestOrders.map(({ number, total }) => [number, total])).toEqual(
        largest.slice(0, 50).map(({ number, sale }) => [number, totalOf(sale)]),
      );
      const rows = ledger.filter((row) => row.currency === currency);
      const minor = (amount = "") => Number(amount.replace(".", ""));
      const amounts = (kind: string) =>
        rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + minor(row.amount), 0);
      expect([amounts("goods"), amounts("shipping")]).toEqual([sums.goods, sums.shipping]);
      expect(rows.reduce((sum, row) => sum + minor(row.discount), 0)).toBe(sums.discounts);
      expect(rows.reduce((sum, row) => sum + minor(row.tax), 0)).toBe(sums.tax);
      expect(new Set(rows.map((row) => row.order)).size).toBe(sums.orders);
      expect(rows.reduce((sum, row) => sum + Number(row.units), 0)).toBe(sums.units);
    }
  },
);

test("an order paid in the last millisecond belongs to the day, one paid at its end to the next", async () => {
  const day = dayOf("2026-07-01", "America/New_York");
  await writeSales([
    sale({ capturedAt: new Date(day.start.getTime() - 1), shipping: 1 }),
    sale({ capturedAt: day.start, shipping: 10 }),
    sale({ capturedAt: new Date(day.end.getTime() - 1), shipping: 100 }),
    sale({ capturedAt: day.end, shipping: 1000 }),
  ]);

  const [figures] = (await figuresOf(day)).currencies;

  expect(figures).toMatchObject({ orders: 2, units: 4, goods: 5196, shipping: 110, total: 5306 });
});

test("what is not paid counts nowhere, not even as a currency", async () => {
  const day = dayOf("2026-07-03", "UTC");
  const noon = new Date("2026-07-03T12:00:00Z");
  const unpaid = ["created", "authorized", "voided", "failed", "none"] as const;
  await writeSales(unpaid.map((payment) => sale({ payment, capturedAt: noon, currency: "USD" })));

  const figures = await figuresOf(day);

  expect(figures.currencies).toHaveLength(1);
  expect(figures.currencies[0]).toMatchObject({ currency: "EUR", orders: 0, total: 0, topProducts: [] });
  expect(await ledgerOf(day)).toEqual([]);
});

test("sums larger than an integer column are exact", async () => {
  const day = dayOf("2026-07-05", "UTC");
  const vise = { title: "Bench vise", quantity: 1, unitPrice: 2_000_000_000 };
  await writeSales(Array.from({ length: 20 }, () => sale({ capturedAt: day.start, lines: [vise], shipping: 1 })));

  const [figures] = (await figuresOf(day)).currencies;

  expect(figures).toMatchObject({ goods: 40_000_000_000, total: 40_000_000_020, averageOrder: 2_000_000_000 });
});

test("the days of a period add up to the period", async () => {
  const days = Array.from({ length: 7 }, (_, index) => dayOf(`2026-10-${22 + index}`, "Europe/Berlin"));
  const week = { ...(days[0] as BusinessDay), end: (days[6] as BusinessDay).end };
  await writeSales(randomSales(week, 99, 500));

  const each = await Promise.all(days.map(figuresOf));
  const whole = await figuresOf(week);

  for (const one of whole.currencies) {
    const parts = each.flatMap(({ currencies }) => currencies.filter(({ currency }) => currency === one.currency));
    for (const figure of ["orders", "units", "gross", "discounts", "goods", "shipping", "tax", "total"] as const) {
      expect(parts.reduce((sum, part) => sum + (part[figure] ?? 0), 0)).toBe(one[figure]);
    }
  }
});

test("figures are read from one moment, whatever is sold meanwhile", async () => {
  const day = dayOf("2026-07-07", "UTC");
  await writeSales([sale({ capturedAt: day.start })]);

  const [before, after] = await snapshot(async (moment) => {
    const first = await salesFigures(moment, { day, storeCurrency: "EUR" });
    await writeSales([sale({ capturedAt: day.start })]);
    return [first, await salesFigures(moment, { day, storeCurrency: "EUR" })];
  });

  expect(after).toEqual(before);
  expect((await figuresOf(day)).currencies[0]?.orders).toBe(2);
});

test("reading a report can change nothing", async () => {
  await expect(snapshot((moment) => moment.$executeRaw`delete from payment`)).rejects.toThrow(/read-only/);
  expect(await db().payment.count()).toBeGreaterThan(0);
});

test("the PDF's figures are the ledger's, read back from both files", async () => {
  const day = dayOf("2026-08-08", "Europe/Berlin");
  await writeSales(randomSales(day, 11, 200));
  const figures = await figuresOf(day);
  const ledger = await ledgerOf(day);

  const lines = (
    await readPdf(await reportPdf({ figures, storeName: "Shopfloor", revision: 1, checksum: "c" }))
  ).flat();

  const euros = (kinds: string[]) => {
    const cents = ledger
      .filter((row) => row.currency === "EUR" && kinds.includes(row.kind ?? ""))
      .reduce((sum, row) => sum + BigInt((row.amount ?? "").replace(".", "")), 0n);
    const text = cents.toString().padStart(3, "0");
    return `€${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${text.slice(-2)}`;
  };
  const headline = lines.find((line) => line.startsWith(euros(["goods", "shipping"])));
  expect(headline?.split(" ").slice(1, 3)).toEqual([euros(["goods"]), euros(["shipping"])]);
});
