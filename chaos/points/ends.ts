import type { Picture } from "./picture";
import type { ScenarioName } from "./scenarios";

const total = 2_489; // a mug of 19.99 and its shipping of 4.90
const order = (state: string, given = 0) => ({ orders: [`${state} ${total} ${given}`] });
const charged = { charges: [`succeeded ${total}`] };
const notCharged = { charges: [], labels: { live: 0, bought: 0 }, stock: ["10 0"] };
const givenBack = { ...notCharged, charges: ["canceled 0"] };
const packed = { ...charged, labels: { live: 1, bought: 1 }, stock: ["9 0"] };
const confirmation = "Your order N is confirmed to ada@example.com";
const asked = "Please pay for your order N to ada@example.com";

/**
 * How each scenario ends, said beforehand: a play without a death is judged by it, too, not only compared with. What a
 * scenario is not about is left out.
 */
export const ends: Readonly<Record<ScenarioName, Picture>> = {
  delivered: { ...order("delivered paid none"), ...packed, shipments: ["delivered"] },
  "not paid in time": { ...order("expired unpaid none"), ...notCharged },
  "page closed by Stripe": { ...order("expired unpaid none"), ...notCharged },
  "charge refused": { ...order("cancelled failed none"), ...givenBack },
  "paid when it was sold out": { ...order("cancelled failed none"), ...givenBack, stock: ["0 0"] },
  "cancelled before it was paid": { ...order("cancelled unpaid none"), ...notCharged },
  "cancelled before the charge": { ...order("cancelled unpaid none"), ...givenBack },
  "cancelled when it was packed": {
    ...order("cancelled paid full", total),
    ...charged,
    refundsAtStripe: [`succeeded ${total}`],
    labels: { live: 0, bought: 1 },
    stock: ["10 0"],
  },
  "refunded in parts, then in full": {
    ...order("fulfilling paid full", total),
    ...packed,
    refundsAtStripe: [`succeeded ${total - 500}`, "succeeded 500"],
  },
  "a refund that pends": {
    ...order("fulfilling paid full", total),
    ...packed,
    refundsAtStripe: [`succeeded ${total}`],
  },
  "a refund that fails": { ...order("fulfilling paid none"), ...packed, refundsAtStripe: [`failed ${total}`] },
  // Two mugs, of which one came back and the other was not accepted.
  "sent back": {
    orders: ["shipped paid partial 4488 1999"],
    charges: ["succeeded 4488"],
    refundsAtStripe: ["succeeded 1999"],
    returns: ["received", "rejected"],
    stock: ["9 0"],
  },
  disputed: { ...order("fulfilling paid none"), ...packed, disputes: [`lost ${total}`] },
  "charged, and answered with an error": { ...order("fulfilling paid none"), ...packed },
  "charged at Stripe's dashboard": { ...order("fulfilling paid none"), ...packed },
  "refunded, and answered with an error": {
    ...order("fulfilling paid full", total),
    ...packed,
    refundsAtStripe: [`succeeded ${total}`],
  },
  // Shipping is free from 100.00 on.
  "looked at and approved": {
    orders: ["fulfilling paid none 150000 0"],
    ...packed,
    charges: ["succeeded 150000"],
    reviews: ["order approved"],
  },
  "looked at, refused, approved after all": {
    orders: ["fulfilling paid none 150000 0"],
    ...packed,
    charges: ["succeeded 150000"],
    reviews: ["order approved"],
  },

  "a saved card that pays": { ...order("fulfilling paid none"), ...packed, ...paidByCard("visa 4242") },
  "a saved card that pays, and Stripe answers with an error": {
    ...order("fulfilling paid none"),
    ...packed,
    ...paidByCard("visa 4242"),
  },
  "a saved card that is declined": {
    ...order("cancelled failed none"),
    ...givenBack,
    payments: [`saved_card failed ${total}`],
    savedCards: ["visa 0002 kept default"],
    customersAtStripe: ["visa 0002"],
    mails: ["The payment for your order N did not go through to ada@example.com"],
  },
  "a saved card for which the bank asks the shopper": {
    ...order("fulfilling paid none"),
    ...packed,
    charges: ["canceled 0", `succeeded ${total}`],
    payments: [`page captured ${total}`, `saved_card failed ${total}`],
    savedCards: ["visa 3184 kept default"],
    customersAtStripe: ["visa 3184"],
    mails: [asked, confirmation],
  },
  "a saved card that is removed before it is charged": {
    ...order("fulfilling paid none"),
    ...packed,
    payments: [`page captured ${total}`, `saved_card failed ${total}`],
    savedCards: ["visa 4242 removed"],
    customersAtStripe: [""],
    mails: [asked, confirmation],
  },
  "a card that is kept, and removed": {
    ...order("fulfilling paid none"),
    ...packed,
    payments: [`page captured ${total}`],
    savedCards: ["visa 4242 removed"],
    customersAtStripe: [""],
    mails: [confirmation],
  },
};

/** Without the shopper and without a page: one payment, and the card is kept on. */
function paidByCard(card: string): Picture {
  return {
    timeline: ["authorize by system", "confirm by system", "fulfil by system", "place by shopper"],
    payments: [`saved_card captured ${total}`],
    savedCards: [`${card} kept default`],
    customersAtStripe: [card],
    mails: [confirmation],
  };
}
