import { format, money, times } from "@/lib/money/money";
import type { TotalRows } from "@/lib/orders/total-rows";
import type { OrderNotice } from "@/lib/outbox/messages";
import { type Html, html } from "./html";
import { button, mailLayout, mono, muted, paragraph, rule } from "./mail-layout";
import type { Mail } from "./send-mail";

/** Everything an order's mails show, as it is when the mail is made. */
export type OrderNoticeFacts = {
  storeName: string;
  orderUrl: string;
  number: number;
  currency: string;
  lines: readonly { title: string; variantTitle: string; quantity: number; unitPriceAmount: number }[];
  totals: TotalRows;
  totalAmount: number;
  addressLines: readonly string[];
  parcel: { carrier: string; trackingNumber: string } | null;
  /** Why it was cancelled or not paid, as a sentence for people. */
  reason: string | null;
  /** Whether money was taken, which decides what a cancellation says of it. */
  paid: boolean;
  /** What is given back, for the mails that say so. */
  refundedAmount: number | null;
};

type Wording = { subject: string; heading: string; sentences: string[]; link: string };

function wordingOf(notice: OrderNotice, facts: OrderNoticeFacts): Wording {
  const order = `order ${facts.number}`;
  const because = facts.reason ? [facts.reason] : [];
  switch (notice) {
    case "confirmation":
      return {
        subject: `Your order ${facts.number} is confirmed`,
        heading: "Thank you. Your order is confirmed.",
        sentences: [
          `Your payment for ${order} went through and we are packing it. You get another mail when it leaves.`,
        ],
        link: "Watch your order",
      };
    case "shipped":
      return {
        subject: `Your order ${facts.number} is on its way`,
        heading: "Your parcel is on its way.",
        sentences: [
          facts.parcel
            ? `We have handed ${order} to ${facts.parcel.carrier}. Its tracking number is ${facts.parcel.trackingNumber}.`
            : `We have handed ${order} to the carrier.`,
        ],
        link: "See your order",
      };
    case "return-received":
      return {
        subject: `We have received what you sent back of order ${facts.number}`,
        heading: "What you sent back has arrived.",
        sentences: [
          facts.refundedAmount === null
            ? `We have received your return of ${order}.`
            : `We have received your return of ${order}. ${format(money(facts.refundedAmount, facts.currency))} is sent back to the card you used.`,
        ],
        link: "See your order",
      };
    case "refunded":
      return {
        subject: `We have refunded your order ${facts.number}`,
        heading: "Your money is on its way back.",
        sentences: [
          `We have refunded ${amountOf(facts)}${order} to the card you paid with. Banks take five to ten days to show it.`,
        ],
        link: "See your order",
      };
    case "cancelled":
      return {
        subject: `Your order ${facts.number} is cancelled`,
        heading: "Your order is cancelled.",
        sentences: [
          ...because,
          facts.paid
            ? "What you paid is sent back to the card you used."
            : "You have not been charged. If your bank shows a reserved amount, it disappears by itself.",
        ],
        link: "See your order",
      };
    case "payment-failed":
      return {
        subject: `The payment for your order ${facts.number} did not go through`,
        heading: "Your payment did not go through.",
        sentences: [
          ...because,
          `You have not been charged, and ${order} has ended. You can order again, with the same card or another one.`,
        ],
        link: "See your order",
      };
    case "payment-needed":
      return {
        subject: `Please pay for your order ${facts.number}`,
        heading: "Your order waits for you to pay.",
        sentences: [
          ...because,
          `Your items are set aside for another half an hour. You can pay for ${order} on Stripe's page, with the same card or another one.`,
        ],
        link: "Pay for your order",
      };
  }
}

/** "€5.00 of " before the order, unless it is all of it. */
function amountOf({ refundedAmount, totalAmount, currency }: OrderNoticeFacts): string {
  if (refundedAmount === null || refundedAmount === totalAmount) return "";
  return `${format(money(refundedAmount, currency))} of `;
}

/** The mail of one notice. Depends on nothing but its arguments, so that two tries send the same bytes. */
export function orderNoticeMail(notice: OrderNotice, facts: OrderNoticeFacts): Mail {
  const words = wordingOf(notice, facts);
  const price: Price = (line) => format(times(money(line.unitPriceAmount, facts.currency), line.quantity));
  const body = html`${words.sentences.map(paragraph)}
${linesTable(facts, price)}
${address(facts)}
${button(words.link, facts.orderUrl)}`;
  const reason = `You get this mail because somebody ordered at ${facts.storeName} with this address.`;
  return {
    subject: words.subject,
    html: mailLayout({ storeName: facts.storeName, heading: words.heading, body, reason }),
    text: textOf(words, facts, price, reason),
  };
}

/** What a line costs before any discount, as the first of the totals adds it up. */
type Price = (line: OrderNoticeFacts["lines"][number]) => string;

/** "Small / Red" beside the title, unless the product comes in one form only. */
function nameOf(line: OrderNoticeFacts["lines"][number]): string {
  const plain = line.variantTitle === "" || line.variantTitle === "Default Title" || line.variantTitle === line.title;
  return plain ? line.title : `${line.title}, ${line.variantTitle}`;
}

function linesTable(facts: OrderNoticeFacts, price: Price): Html {
  const { rows, total: last, contained } = facts.totals;
  const cell = `padding:8px 0;border-top:1px solid ${rule};vertical-align:top`;
  const figure = `${cell};text-align:right;white-space:nowrap;font-family:${mono};font-size:14px`;
  const total = (label: string, value: string, weight: number) => html`<tr>
<td colspan="2" style="${cell};font-weight:${weight}">${label}</td><td style="${figure};font-weight:${weight}">${value}</td></tr>`;
  return html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 24px;border-bottom:1px solid ${rule}">
${facts.lines.map(
  (line) => html`<tr><td style="${cell}">${nameOf(line)}</td>
<td style="${figure};padding:8px 16px">${line.quantity} ×</td><td style="${figure}">${price(line)}</td></tr>`,
)}
${rows.map(({ label, value }) => total(label, value, 400))}
${total(last.label, last.value, 700)}
${contained.map(({ label, value }) => total(label, value, 400))}
</table>`;
}

function address(facts: OrderNoticeFacts): Html {
  return html`<p style="margin:0 0 4px;font-size:13px;color:${muted}">Delivery to</p>
<p style="margin:0 0 16px">${facts.addressLines.map((line) => html`${line}<br>`)}</p>`;
}

function textOf(words: Wording, facts: OrderNoticeFacts, price: Price, reason: string): string {
  const { rows, total, contained } = facts.totals;
  return [
    words.heading,
    "",
    ...words.sentences,
    "",
    ...facts.lines.map((line) => `${line.quantity} × ${nameOf(line)}: ${price(line)}`),
    ...[...rows, total, ...contained].map(({ label, value }) => `${label}: ${value}`),
    "",
    "Delivery to:",
    ...facts.addressLines,
    "",
    `${words.link}: ${facts.orderUrl}`,
    "",
    reason,
    "",
  ].join("\n");
}
