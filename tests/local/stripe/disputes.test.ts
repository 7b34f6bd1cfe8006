import type Stripe from "stripe";
import { expect, test } from "vitest";
import { type LocalStripe, startLocalStripe } from "./local-stripe";

const params = { amount: 2000, currency: "eur", payment_method_types: ["card"], confirm: true };

/** A charge of this test card and the dispute it brought. */
async function disputed({ stripe }: LocalStripe, paymentMethod = "pm_card_createDispute") {
  const intent = await stripe.paymentIntents.create({ ...params, payment_method: paymentMethod });
  const { data } = await stripe.disputes.list({ payment_intent: intent.id });
  const [dispute] = data;
  if (!dispute) throw new Error("There is no dispute");
  return { intent, dispute };
}

async function eventsOf({ stripe }: LocalStripe, { id }: Stripe.Dispute): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  const ofDispute = data.filter(({ data: { object } }) => "id" in object && object.id === id);
  return ofDispute.map(({ type }) => type.replace("charge.dispute.", "")).reverse();
}

const booked = ({ balance_transactions }: Stripe.Dispute) => balance_transactions.map(({ amount }) => amount);

test("a charge of the disputed card is contested at once: the money and a fee are withdrawn", async () => {
  const local = await startLocalStripe();

  const { intent, dispute } = await disputed(local);

  expect(dispute).toMatchObject({
    amount: 2000,
    status: "needs_response",
    reason: "fraudulent",
    is_charge_refundable: false,
    payment_intent: intent.id,
    balance_transactions: [{ amount: -2000, fee: 1500, net: -3500, type: "adjustment" }],
  });
  expect(await local.stripe.charges.retrieve(String(dispute.charge))).toMatchObject({ disputed: true });
  expect(await eventsOf(local, dispute)).toEqual(["created", "funds_withdrawn"]);
  await expect(local.stripe.refunds.create({ payment_intent: intent.id })).rejects.toMatchObject({
    statusCode: 400,
    code: "charge_disputed",
  });
});

test("one that is captured later is contested when it is", async () => {
  const { stripe } = await startLocalStripe();
  const method = { payment_method: "pm_card_createDisputeProductNotReceived", capture_method: "manual" as const };
  const intent = await stripe.paymentIntents.create({ ...params, ...method });
  expect((await stripe.disputes.list({ payment_intent: intent.id })).data).toEqual([]);

  await stripe.paymentIntents.capture(intent.id);

  const { data } = await stripe.disputes.list({ payment_intent: intent.id });
  expect(data).toMatchObject([{ reason: "product_not_received", status: "needs_response" }]);
});

test("winning evidence brings the money back, and the charge can be refunded again", async () => {
  const local = await startLocalStripe();
  const { intent, dispute } = await disputed(local);

  const won = await local.stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: "winning_evidence" } });

  expect(won).toMatchObject({ status: "won", is_charge_refundable: true });
  expect(booked(won)).toEqual([-2000, 2000]);
  expect((await eventsOf(local, won)).slice(2)).toEqual(["updated", "closed", "funds_reinstated"]);
  expect(await local.stripe.refunds.create({ payment_intent: intent.id })).toMatchObject({ status: "succeeded" });
});

test("losing evidence, or giving in, loses it for good; other evidence is under review", async () => {
  const local = await startLocalStripe();
  const [first, second, third] = [await disputed(local), await disputed(local), await disputed(local)];
  const send = (id: string, text: string) =>
    local.stripe.disputes.update(id, { evidence: { uncategorized_text: text } });

  const lost = await send(first.dispute.id, "losing_evidence");
  const givenIn = await local.stripe.disputes.close(second.dispute.id);
  const reviewed = await send(third.dispute.id, "We have the signature of the courier's receipt.");

  expect([lost.status, givenIn.status, reviewed.status]).toEqual(["lost", "lost", "under_review"]);
  expect(booked(lost)).toEqual([-2000]);
  await expect(local.stripe.refunds.create({ payment_intent: first.intent.id })).rejects.toMatchObject({
    code: "charge_disputed",
  });
  await expect(local.stripe.disputes.close(first.dispute.id)).rejects.toMatchObject({ statusCode: 400 });
});

test("an inquiry takes no money and can be refunded, until it becomes a dispute", async () => {
  const local = await startLocalStripe();
  const { intent, dispute } = await disputed(local, "pm_card_createDisputeInquiry");
  expect(dispute).toMatchObject({ status: "warning_needs_response", balance_transactions: [] });
  await local.stripe.refunds.create({ payment_intent: intent.id, amount: 500 });

  const escalated = await local.stripe.disputes.update(dispute.id, {
    evidence: { uncategorized_text: "escalate_inquiry_evidence" },
  });

  expect(escalated).toMatchObject({ status: "needs_response", is_charge_refundable: false });
  expect(booked(escalated)).toEqual([-2000]);
  const { dispute: other } = await disputed(local, "pm_card_createDisputeInquiry");
  expect(await local.stripe.disputes.close(other.id)).toMatchObject({ status: "warning_closed" });
});

test("any captured charge can be contested through a handle for tests, once", async () => {
  const local = await startLocalStripe();
  const intent = await local.stripe.paymentIntents.create({ ...params, payment_method: "pm_card_visa" });
  await local.stripe.refunds.create({ payment_intent: intent.id, amount: 500 });

  await local.control("/disputes", { payment_intent: intent.id });

  expect((await local.stripe.disputes.list()).data).toMatchObject([{ amount: 1500, payment_intent: intent.id }]);
  await expect(local.control("/disputes", { payment_intent: intent.id })).rejects.toThrow(/disputed already/);
});
