import { format, money } from "@/lib/money/money";
import { type Html, html } from "@/lib/notifications/html";
import { button, mailLayout, mono, muted, paragraph, rule } from "@/lib/notifications/mail-layout";
import type { Attachment, Mail } from "@/lib/notifications/send-mail";
import type { CurrencyFigures, SalesFigures } from "./sales-figures";
import { clocksSentence, longDate, periodSentence } from "./wording";

/** The mail that brings a day's report. Depends on nothing but its arguments, so that two tries send the same bytes. */
export function reportMail(report: {
  storeName: string;
  figures: SalesFigures;
  revision: number;
  reportsUrl: string;
  attachments: readonly Attachment[];
}): Mail {
  const { storeName, figures, revision, reportsUrl } = report;
  const corrected = revision > 1;
  const total = figures.currencies.map((one) => format(money(one.total, one.currency))).join(" + ");
  const sentences = [
    ...[periodSentence(figures), clocksSentence(figures)].filter((sentence) => sentence !== undefined),
    "The whole report is attached.",
    ...(corrected ? [`This is revision ${revision}: the figures changed since the last one, which it replaces.`] : []),
  ];
  const reason = `You get this mail because your address is among the report recipients of ${storeName}.`;
  const heading = `Sales of ${longDate(figures.date)}`;
  return {
    subject: `${storeName} sales ${figures.date}: ${total}${corrected ? ` (revision ${revision})` : ""}`,
    html: mailLayout({
      storeName,
      heading,
      body: html`${sentences.map(paragraph)}${figures.currencies.map(figuresTable)}${button("All reports", reportsUrl)}`,
      reason,
    }),
    text: [
      heading,
      "",
      ...sentences,
      "",
      ...figures.currencies.flatMap((one) => [...rowsOf(one).map(([label, value]) => `${label}: ${value}`), ""]),
      `All reports: ${reportsUrl}`,
      "",
      reason,
      "",
    ].join("\n"),
    attachments: report.attachments,
  };
}

function rowsOf(one: CurrencyFigures): [label: string, value: string][] {
  const price = (amount: number) => format(money(amount, one.currency));
  return [
    [`Total, ${one.currency}`, price(one.total)],
    ["Gross sales", price(one.gross ?? one.goods)],
    ["Discounts", price(one.discounts)],
    ["Goods", price(one.goods)],
    ["Shipping", price(one.shipping)],
    ["Tax, contained", price(one.tax)],
    ["Orders", one.orders.toLocaleString("en-IE")],
    ["Units", one.units.toLocaleString("en-IE")],
    ["Goods per order", one.averageOrder === null ? "none" : price(one.averageOrder)],
  ];
}

function figuresTable(one: CurrencyFigures): Html {
  const cell = `padding:8px 0;border-top:1px solid ${rule}`;
  return html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 24px;border-bottom:1px solid ${rule}">
${rowsOf(one).map(([label, value], index) => {
  const weight = index === 0 ? 700 : 400;
  return html`<tr><td style="${cell};color:${index === 0 ? "inherit" : muted};font-weight:${weight}">${label}</td>
<td style="${cell};text-align:right;font-family:${mono};font-weight:${weight}">${value}</td></tr>`;
})}
</table>`;
}
