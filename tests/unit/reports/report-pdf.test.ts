import { expect, test } from "vitest";
import { type BusinessDate, businessDay, hoursOf } from "@/lib/reports/business-day";
import { checksumOf } from "@/lib/reports/checksum";
import { niceStep } from "@/lib/reports/pdf/bar-chart";
import { findFonts } from "@/lib/reports/pdf/fonts";
import { type ReportPaper, reportPdf } from "@/lib/reports/pdf/report-pdf";
import { type CurrencyFigures, SalesFigures } from "@/lib/reports/sales-figures";
import { readPdf } from "./read-pdf";

const berlin = (date: string) => businessDay(date as BusinessDate, "Europe/Berlin");

function paperOf(date: string, currencies: Partial<CurrencyFigures>[], revision = 1): ReportPaper {
  const day = berlin(date);
  const byHour = hoursOf(day).map(({ label, index }) => ({ label, orders: 1, goods: index * 1234 }));
  const nothing = { orders: 0, units: 0, goods: 0, shipping: 0, total: 0, captured: 0, averageOrder: null };
  const figures = SalesFigures.parse({
    date,
    timeZone: day.timeZone,
    start: day.start.toISOString(),
    end: day.end.toISOString(),
    currencies: currencies.map((one) => ({ ...nothing, byHour, topProducts: [], largestOrders: [], ...one })),
  });
  return { figures, storeName: "Shopfloor", revision, checksum: checksumOf(figures) };
}

const goodDay: Partial<CurrencyFigures> = {
  currency: "EUR",
  orders: 1204,
  units: 3333,
  goods: 1_234_567,
  shipping: 9_870,
  total: 1_244_437,
  captured: 1_244_437,
  averageOrder: 1025,
  topProducts: [
    { title: "Bench brush", units: 42, goods: 54_558 },
    { title: "Κόλλα ξύλου Жук", units: 7, goods: 12_300 },
  ],
  largestOrders: Array.from({ length: 50 }, (_, index) => ({
    number: 2000 + index,
    capturedAt: "2026-11-23T08:30:00.000Z",
    units: 3,
    goods: 90_000 - index,
    shipping: 490,
    total: 90_490 - index,
  })),
};

test("two makes of the same report are equal byte by byte, whenever they are made", async () => {
  const [once, again] = await Promise.all([
    reportPdf(paperOf("2026-11-23", [goodDay])),
    reportPdf(paperOf("2026-11-23", [goodDay])),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // a file's dates count in seconds
  const later = await reportPdf(paperOf("2026-11-23", [goodDay]));

  expect(once.equals(again)).toBe(true);
  expect(once.equals(later)).toBe(true);
});

test("the PDF shows the figures it was given, to the cent", async () => {
  const lines = (await readPdf(await reportPdf(paperOf("2026-11-23", [goodDay])))).flat();

  expect(lines).toContain("Monday, 23 November 2026");
  expect(lines).toContain("€12,444.37 €12,345.67 €98.70 1,204 3,333 €10.25");
  expect(lines).toContain("1 Bench brush 42 €545.58");
  expect(lines).toContain("#2000 09:30:00 3 €900.00 €4.90 €904.90");
  expect(lines).toContain("#2049 09:30:00 3 €899.51 €4.90 €904.41");
  expect(lines).toContain("Total less goods and shipping €0.00");
});

test("every page says which report it belongs to and which of how many it is", async () => {
  const paper = paperOf("2026-11-23", [goodDay], 2);
  const pages = await readPdf(await reportPdf(paper));

  expect(pages.length).toBeGreaterThan(1);
  expect(pages.length).toBeLessThanOrEqual(8);
  pages.forEach((lines, index) => {
    expect(lines.slice(-2)).toEqual([
      "Business date 2026-11-23 · Europe/Berlin · cut-off 2026-11-23T23:00:00.000Z · revision 2 " +
        `Page ${index + 1} of ${pages.length}`,
      `Checksum of the figures: ${paper.checksum}`,
    ]);
  });
});

test("a day without an order is a readable page of zeros", async () => {
  const pages = await readPdf(await reportPdf(paperOf("2026-11-23", [{ currency: "EUR" }])));

  expect(pages).toHaveLength(1);
  expect(pages.flat()).toContain("€0.00 €0.00 €0.00 0 0 –");
  expect(pages.flat()).toContain("No order was paid in EUR on this day.");
  expect(pages.flat().join(" ")).not.toMatch(/NaN|undefined|null|Infinity/);
});

test("each currency has figures of its own, with its own decimals", async () => {
  const yen = { ...goodDay, currency: "JPY" as const };
  const dinar = { ...goodDay, currency: "KWD" as const };
  const lines = (await readPdf(await reportPdf(paperOf("2026-11-23", [goodDay, yen, dinar])))).flat();

  expect(lines).toContain("€12,444.37 €12,345.67 €98.70 1,204 3,333 €10.25");
  expect(lines).toContain("JP¥1,244,437 JP¥1,234,567 JP¥9,870 1,204 3,333 JP¥1,025");
  expect(lines.join(" ")).toMatch(/KWD\s1,244\.437/);
});

test("no figure is cut, however large; a long title is", async () => {
  const large = 900_719_925_474_099;
  const title = "Waxed canvas work apron with four pockets ".repeat(200);
  const figures = {
    ...goodDay,
    total: large,
    captured: large,
    goods: large,
    shipping: 0,
    topProducts: [{ title, units: 1, goods: large }],
  };
  const lines = (await readPdf(await reportPdf(paperOf("2026-11-23", [figures])))).flat();

  expect(lines.join("\n").match(/€9,007,199,254,740\.99/g)).toHaveLength(6);
  expect(lines.find((line) => line.startsWith("1 Waxed canvas"))).toMatch(/… 1 €9,007/);
});

test.skipIf(!findFonts().embedded)(
  "Latin, Greek and Cyrillic titles are set in a font that the file brings along",
  async () => {
    const pdf = await reportPdf(paperOf("2026-11-23", [goodDay]));

    expect((await readPdf(pdf)).flat()).toContain("2 Κόλλα ξύλου Жук 7 €123.00");
    expect(pdf.toString("latin1")).toMatch(/\+Inter-Regular/);
  },
);

test("a difference between sums that must agree is shown", async () => {
  const lines = (await readPdf(await reportPdf(paperOf("2026-11-23", [{ ...goodDay, captured: 1_244_430 }])))).flat();

  expect(lines).toContain("Captured payments less the total of their orders -€0.07");
});

test("a day on which the clocks changed says so", async () => {
  const lines = (await readPdf(await reportPdf(paperOf("2026-10-25", [goodDay])))).flat();

  expect(lines).toContain("The clocks changed: this day had 25 hours.");
});

test("the chart's lines stand at round values, at most four of them above zero", () => {
  expect([0, 1, 3, 4, 7, 99, 1234, 999_999].map(niceStep)).toEqual([1, 1, 1, 1, 2, 25, 500, 250_000]);
});

test("the checksum depends on the figures and not on the order of their names", () => {
  expect(checksumOf({ a: 1, b: [{ c: null, d: "x" }] })).toBe(checksumOf({ b: [{ d: "x", c: null }], a: 1 }));
  expect(checksumOf({ a: 1 })).not.toBe(checksumOf({ a: 2 }));
});
