import { decimals, format, money, toDecimal } from "@/lib/money/money";
import type { CurrencyFigures, SalesFigures } from "../sales-figures";
import { clockIn, clocksSentence, longDate, periodSentence } from "../wording";
import { drawBarChart } from "./bar-chart";
import { colours, createSheet, type Sheet } from "./sheet";
import { drawTable } from "./table";

export type ReportPaper = { figures: SalesFigures; storeName: string; revision: number; checksum: string };

/**
 * The daily sales report as a PDF: A4, vectors, fonts within. Depends on nothing but its arguments: two makes are
 * equal byte by byte, whenever and wherever they are made.
 */
export function reportPdf(paper: ReportPaper): Promise<Buffer> {
  const { figures, storeName } = paper;
  const sheet = createSheet({
    title: `${storeName}: sales of ${figures.date}`,
    author: storeName,
    createdAt: new Date(figures.end),
  });
  drawTitle(sheet, paper);
  for (const one of figures.currencies) drawCurrency(sheet, one, figures);
  sheet.onEachPage((page, pages) => drawFooter(sheet, paper, page, pages));
  return sheet.finish();
}

function drawTitle(sheet: Sheet, { figures, storeName, revision }: ReportPaper): void {
  const { doc, left, width } = sheet;
  doc.rect(0, 0, doc.page.width, 6).fill(colours.signal);
  sheet.text(storeName.toUpperCase(), { x: left, y: sheet.y, width: width / 2 }, { size: 9, bold: true });
  const right = { x: left + width / 2, y: sheet.y, width: width / 2 };
  const edition = revision === 1 ? "Daily sales report" : `Daily sales report, revision ${revision}`;
  sheet.text(edition, right, { size: 9, colour: colours.muted, align: "right" });
  sheet.text(longDate(figures.date), { x: left, y: sheet.y + 22, width }, { size: 22, bold: true });
  const small = { size: 8.5, colour: colours.muted };
  sheet.text(periodSentence(figures), { x: left, y: sheet.y + 53, width }, small);
  const clocks = clocksSentence(figures);
  if (clocks) {
    sheet.text(clocks, { x: left, y: sheet.y + 66, width }, small);
    sheet.y += 13;
  }
  sheet.y += 78;
}

function heading(sheet: Sheet, text: string, note = ""): void {
  sheet.room(90);
  sheet.y += 12;
  sheet.text(text, { x: sheet.left, y: sheet.y, width: sheet.width / 2 }, { size: 11, bold: true });
  const right = { x: sheet.left + sheet.width / 2, y: sheet.y + 2, width: sheet.width / 2 };
  sheet.text(note, right, { size: 8, colour: colours.muted, align: "right" });
  sheet.y += 20;
}

function drawCurrency(sheet: Sheet, one: CurrencyFigures, day: SalesFigures): void {
  const price = (amount: number) => format(money(amount, one.currency));
  // Each currency after the first begins with room for its chart.
  if (one !== day.currencies[0] && !sheet.room(320)) sheet.y += 16;
  drawHeadline(sheet, one, price);
  if (one.orders === 0) {
    const none = { x: sheet.left, y: sheet.y + 10, width: sheet.width };
    sheet.text(`No order was paid in ${one.currency} on this day.`, none, { size: 11, colour: colours.muted });
    sheet.y += 40;
    return;
  }
  heading(sheet, "Goods sold by hour", `${one.currency}, by the time the money was captured`);
  const bars = one.byHour.map(({ label, goods }) => ({ label, value: goods }));
  drawBarChart(sheet, bars, (amount) => axisText(amount, one.currency));
  drawMakeUp(sheet, one, price);
  drawProducts(sheet, one, price);
  drawChecks(sheet, one, price);
  drawOrders(sheet, one, day, price);
}

/** A value on the axis, without a currency sign and without decimals where there are none. */
function axisText(amount: number, currency: CurrencyFigures["currency"]): string {
  const decimal = toDecimal(money(Math.round(amount), currency));
  const whole = amount % 10 ** decimals(currency) === 0;
  const shown = whole ? (decimal.split(".")[0] ?? decimal) : decimal;
  return new Intl.NumberFormat("en-IE", whole ? {} : { minimumFractionDigits: decimals(currency) }).format(
    shown as Intl.StringNumericLiteral,
  );
}

type Price = (amount: number) => string;

function drawHeadline(sheet: Sheet, one: CurrencyFigures, price: Price): void {
  const { doc, left, width } = sheet;
  const height = 68;
  sheet.room(height + 10);
  const top = sheet.y;
  doc.rect(left, top, width, height).fill(colours.tint);
  doc.rect(left, top, 3, height).fill(colours.signal);
  const big = width * 0.32;
  sheet.text(`Total, ${one.currency}`, { x: left + 16, y: top + 12, width: big }, { size: 8, colour: colours.muted });
  sheet.text(price(one.total), { x: left + 16, y: top + 27, width: big - 10 }, { size: 21, bold: true, figures: true });
  const facts: [string, string][] = [
    ["Goods", price(one.goods)],
    ["Shipping", price(one.shipping)],
    ["Orders", one.orders.toLocaleString("en-IE")],
    ["Units", one.units.toLocaleString("en-IE")],
    ["Goods per order", one.averageOrder === null ? "–" : price(one.averageOrder)],
  ];
  const shares = [1.25, 1.05, 0.75, 0.7, 1.15];
  const unit = (width - big - 30) / shares.reduce((a, b) => a + b, 0);
  let x = left + big + 22;
  facts.forEach(([label, value], index) => {
    const box = (shares[index] ?? 1) * unit;
    sheet.text(label, { x, y: top + 22, width: box - 6 }, { size: 8, colour: colours.muted });
    sheet.text(value, { x, y: top + 37, width: box - 4 }, { size: 10.5, bold: true, figures: true });
    x += box;
  });
  sheet.y = top + height + 8;
}

/** From what the catalogue asked to what was paid. */
function drawMakeUp(sheet: Sheet, one: CurrencyFigures, price: Price): void {
  heading(sheet, "Gross sales, discounts and tax", "Tax is contained in goods and shipping");
  drawTable(
    sheet,
    ["Gross sales", "Discounts", "Goods", "Shipping", "Total", "Tax in it"].map((name) => ({
      heading: name,
      share: 1,
      figures: true,
    })),
    [[one.gross ?? one.goods, one.discounts, one.goods, one.shipping, one.total, one.tax].map(price)],
  );
}

function drawProducts(sheet: Sheet, one: CurrencyFigures, price: Price): void {
  heading(sheet, "Top products", "By goods sold");
  drawTable(
    sheet,
    [
      { heading: "", share: 0.6, figures: true },
      { heading: "Product", share: 8 },
      { heading: "Units", share: 1.5, figures: true },
      { heading: "Goods", share: 2.5, figures: true },
    ],
    one.topProducts.map((product, index) => [
      `${index + 1}`,
      product.title,
      product.units.toLocaleString("en-IE"),
      price(product.goods),
    ]),
  );
}

/** Sums that must agree, each with its difference, so that a wrong figure cannot hide. */
function drawChecks(sheet: Sheet, one: CurrencyFigures, price: Price): void {
  const checks: [string, number][] = [
    ["Captured payments less the total of their orders", one.captured - one.total],
    ["Total less goods and shipping", one.total - one.goods - one.shipping],
  ];
  heading(sheet, "Checks", "Every difference must be zero");
  for (const [label, difference] of checks) {
    sheet.room(16);
    const { doc, left, width, y } = sheet;
    const colour = difference === 0 ? colours.ink : colours.alarm;
    sheet.text(label, { x: left, y: y + 4, width: width * 0.75 }, { size: 8.5, colour });
    const right = { x: left + width * 0.75, y: y + 4, width: width * 0.25 };
    sheet.text(price(difference), right, { size: 8.5, bold: difference !== 0, colour, align: "right", figures: true });
    sheet.y += 16;
    doc
      .lineWidth(0.4)
      .strokeColor(colours.rule)
      .moveTo(left, sheet.y)
      .lineTo(left + width, sheet.y)
      .stroke();
  }
  sheet.y += 6;
}

function drawOrders(sheet: Sheet, one: CurrencyFigures, day: SalesFigures, price: Price): void {
  const shown = one.largestOrders.length;
  heading(
    sheet,
    "Largest orders",
    shown < one.orders ? `The ${shown} largest of ${one.orders.toLocaleString("en-IE")}` : `All ${shown}`,
  );
  const time = clockIn(day.timeZone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  drawTable(
    sheet,
    [
      { heading: "Order", share: 2 },
      { heading: "Paid at", share: 2 },
      { heading: "Units", share: 1.5, figures: true },
      { heading: "Goods", share: 2.5, figures: true },
      { heading: "Shipping", share: 2.5, figures: true },
      { heading: "Total", share: 2.5, figures: true },
    ],
    one.largestOrders.map((order) => [
      `#${order.number}`,
      time(order.capturedAt),
      order.units.toLocaleString("en-IE"),
      price(order.goods),
      price(order.shipping),
      price(order.total),
    ]),
  );
}

function drawFooter(sheet: Sheet, { figures, revision, checksum }: ReportPaper, page: number, pages: number): void {
  const { doc, left, width } = sheet;
  const top = doc.page.height - 50;
  doc
    .lineWidth(0.4)
    .strokeColor(colours.rule)
    .moveTo(left, top - 8)
    .lineTo(left + width, top - 8)
    .stroke();
  const style = { size: 7, colour: colours.muted };
  const facts = `Business date ${figures.date} · ${figures.timeZone} · cut-off ${figures.end} · revision ${revision}`;
  sheet.text(facts, { x: left, y: top, width: width - 70 }, style);
  sheet.text(`Page ${page} of ${pages}`, { x: left + width - 70, y: top, width: 70 }, { ...style, align: "right" });
  sheet.text(`Checksum of the figures: ${checksum}`, { x: left, y: top + 12, width }, style);
}
