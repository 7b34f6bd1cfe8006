import { describe, expect, test } from "vitest";
import { addressLines } from "@/lib/notifications/address-lines";
import { html } from "@/lib/notifications/html";
import { type OrderNoticeFacts, orderNoticeMail } from "@/lib/notifications/order-notice-mail";
import { orderNotices } from "@/lib/outbox/messages";

const brushOrder: OrderNoticeFacts = {
  storeName: "Shopfloor",
  orderUrl: "http://localhost:3000/orders/ord_1?token=a%26b",
  number: 1042,
  currency: "EUR",
  lines: [
    { title: "Bench brush", variantTitle: "Default Title", quantity: 2, unitPriceAmount: 1299 },
    { title: "Work apron", variantTitle: "Large / Grey", quantity: 1, unitPriceAmount: 4900 },
  ],
  totals: {
    rows: [
      { label: "Items", value: "€74.98" },
      { label: "Discount TEST", value: "-€7.50" },
      { label: "Shipping, Express", value: "€4.90" },
    ],
    total: { label: "Total", value: "€72.38" },
    contained: [{ label: "Includes VAT 20 %", value: "€12.06" }],
  },
  totalAmount: 7238,
  addressLines: ["Ada Lovelace", "12 St James's Square", "SW1Y 4JH London", "United Kingdom"],
  parcel: null,
  reason: null,
  paid: true,
  refundedAmount: null,
};

describe.each(orderNotices)("the %s mail", (notice) => {
  test("says in HTML and in plain text what was ordered, what it costs, where it goes and where to look", () => {
    const mail = orderNoticeMail(notice, brushOrder);

    expect(mail.subject).toContain("1042");
    for (const part of [
      "Bench brush",
      "Work apron, Large / Grey",
      "€25.98",
      "€49.00",
      "Discount TEST",
      "-€7.50",
      "€4.90",
      "€72.38",
      "Includes VAT 20 %",
      "€12.06",
      "Ada Lovelace",
    ]) {
      expect(mail.html).toContain(part);
      expect(mail.text).toContain(part);
    }
    expect(mail.text).toContain(brushOrder.orderUrl);
    expect(mail.html).toContain(`href="http://localhost:3000/orders/ord_1?token=a%26b"`);
    expect(mail.html).not.toContain("Default Title");
  });

  test("lets no word of a product, an address or a reason become markup", () => {
    const wicked = `<img src=x onerror="alert('1')">`;
    const mail = orderNoticeMail(notice, {
      ...brushOrder,
      storeName: wicked,
      lines: [{ title: wicked, variantTitle: wicked, quantity: 1, unitPriceAmount: 1 }],
      totals: {
        rows: [{ label: wicked, value: wicked }],
        total: { label: wicked, value: wicked },
        contained: [{ label: wicked, value: wicked }],
      },
      addressLines: [wicked],
      parcel: { carrier: wicked, trackingNumber: wicked },
      reason: wicked,
      orderUrl: `http://localhost:3000/"${wicked}`,
    });

    expect(mail.html).not.toContain("<img");
    expect(mail.html).not.toContain(`"alert`);
  });

  test("is the same to the byte when it is made again", () => {
    expect(orderNoticeMail(notice, brushOrder)).toEqual(orderNoticeMail(notice, brushOrder));
  });
});

test("the shipped mail names the carrier and the tracking number", () => {
  const parcel = { carrier: "Local Post", trackingNumber: "LP123" };

  expect(orderNoticeMail("shipped", { ...brushOrder, parcel }).text).toContain(
    "Local Post. Its tracking number is LP123",
  );
});

test("a cancellation says whether money comes back, and why", () => {
  const unpaid = orderNoticeMail("cancelled", { ...brushOrder, paid: false, reason: "Sold out meanwhile" });

  expect(unpaid.text).toContain("Sold out meanwhile");
  expect(unpaid.text).toContain("You have not been charged.");
  expect(orderNoticeMail("cancelled", brushOrder).text).toContain("sent back to the card");
});

test("a failed payment says why, and that the order has ended", () => {
  const declined = orderNoticeMail("payment-failed", { ...brushOrder, reason: "The card was declined." });

  expect(declined.text).toContain("The card was declined.");
  expect(declined.text).toContain("You have not been charged, and order 1042 has ended.");
});

test("prices are written with the decimals of their currency", () => {
  const yen = orderNoticeMail("confirmation", { ...brushOrder, currency: "JPY" });

  expect(yen.text).toContain("2 × Bench brush: JP¥2,598");
});

test("a template escapes texts, keeps templates and leaves out what is absent", () => {
  const inner = html`<b>${"a & b"}</b>`;

  expect(html`<p title="${'"'}">${inner}${[inner]}${null}${false}${0}</p>`.source).toBe(
    `<p title="&quot;"><b>a &amp; b</b><b>a &amp; b</b>0</p>`,
  );
});

test("an address is written as on a parcel, without empty lines", () => {
  const address = {
    name: "Ada",
    line1: "1 High Street",
    line2: undefined,
    postalCode: "1010",
    city: "Wien",
    country: "AT",
  };

  expect(addressLines(address)).toEqual(["Ada", "1 High Street", "1010 Wien", "Austria"]);
});

test("a return that arrived says what is sent back, if anything is", () => {
  const saying = (refundedAmount: number | null) =>
    orderNoticeMail("return-received", { ...brushOrder, refundedAmount }).text;

  expect(saying(1299)).toContain("your return of order 1042. €12.99 is sent back to the card you used.");
  expect(saying(null)).not.toContain("sent back to the card");
});

test("a refund of a part says how much of the order it is, and one of all of it does not", () => {
  const saying = (refundedAmount: number) => orderNoticeMail("refunded", { ...brushOrder, refundedAmount }).text;

  expect(saying(500)).toContain("We have refunded €5.00 of order 1042 to the card");
  expect(saying(brushOrder.totalAmount)).toContain("We have refunded order 1042 to the card");
});
