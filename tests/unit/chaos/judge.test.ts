import { expect, test } from "vitest";
import { type Evidence, judge } from "@/chaos/orders/judge";
import { planShoppers, type ShopperPlan } from "@/chaos/orders/traffic";

const [plan] = planShoppers(1, 1) as [ShopperPlan];
const shopper = "ada@example.com";

/** One order that was paid and packed, as everybody says. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    told: [{ plan, orderId: "ord_1", orderPath: "/orders/ord_1", hasPaid: true, hasCancelled: false }],
    orders: [{ id: "ord_1", status: "fulfilling", payment_status: "paid", review: null, label: "shp_1" }],
    intents: [{ id: "pi_1", status: "succeeded", metadata: { orderId: "ord_1" } }],
    charges: [{ id: "ch_1", captured: true, payment_intent: "pi_1" }],
    mails: [{ id: "re_1", to: [shopper], subject: "Your order" }],
    sentMails: [{ id: "mail_1", kind: "confirmation", recipient: shopper, provider_id: "re_1" }],
    labels: [{ reference: "shp_1", voidedAt: null }],
    ...changes,
  };
}

const order = (changes: object) => ({
  orders: [{ ...evidence().orders[0], ...changes } as Evidence["orders"][number]],
});

test("an order that everybody agrees about is fine", () => {
  expect(judge(evidence())).toEqual({ lost: [], "double captures": [], "double mails": [], violations: [] });
});

test.each<[string, Partial<Evidence>, string]>([
  ["an order nobody has", { orders: [], labels: [] }, "does not exist"],
  ["a paid order that expired", order({ status: "expired", payment_status: "unpaid", label: null }), "was paid and is"],
  ["an order that hangs", order({ status: "pending", payment_status: "authorized" }), "is still pending"],
  ["money that is held", order({ status: "expired", payment_status: "authorized" }), "is still held"],
  ["a confirmed order that nobody packs", order({ status: "confirmed" }), "is still confirmed"],
])("%s is lost", (_, changes, sentence) => {
  expect(judge(evidence(changes)).lost.join()).toContain(sentence);
});

test("a second charge is found, by another payment or by the same", () => {
  const again = { id: "pi_2", status: "succeeded", metadata: { orderId: "ord_1" } };
  const byAnother = evidence({ intents: [...evidence().intents, again] });
  const bySame = evidence({ charges: [...evidence().charges, { id: "ch_2", captured: true, payment_intent: "pi_1" }] });

  expect(judge(byAnother)["double captures"]).toEqual(["ord_1 was charged by pi_1, pi_2"]);
  expect(judge(bySame)["double captures"]).toEqual(["pi_1 was captured by ch_1, ch_2"]);
});

test("a mail that came twice is found, and one that never came", () => {
  const twice = [...evidence().mails, { id: "re_2", to: [shopper], subject: "Your order" }];

  expect(judge(evidence({ mails: twice }))["double mails"]).toHaveLength(1);
  expect(judge(evidence({ mails: [] })).violations).toHaveLength(1);
});

test("a packed order needs its label, and nothing else may have one", () => {
  expect(judge(evidence({ labels: [] })).violations).toEqual(["the order ord_1 is fulfilling without a label"]);
  expect(judge(evidence(order({ status: "cancelled" }))).violations).toEqual([
    "the order ord_1 is cancelled, and its label counts",
  ]);
  expect(
    judge(evidence({ labels: [...evidence().labels, { reference: "shp_2", voidedAt: null }] })).violations,
  ).toEqual(["the label shp_2 is of no order"]);
});
