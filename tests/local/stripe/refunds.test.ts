import { expect, test } from "vitest";
import { type LocalStripe, startLocalStripe } from "./local-stripe";

const waitSeconds = 11;

async function charged({ stripe }: LocalStripe, paymentMethod: string): Promise<string> {
  const params = { amount: 2000, currency: "eur", payment_method_types: ["card"], confirm: true };
  return (await stripe.paymentIntents.create({ ...params, payment_method: paymentMethod })).id;
}

async function typesSince({ stripe }: LocalStripe, refundId: string): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  return data
    .filter(({ data: { object } }) => "id" in object && object.id === refundId)
    .map(({ type }) => type)
    .reverse();
}

test("a refund of the pending card is pending for a while and then succeeds", async () => {
  const local = await startLocalStripe();
  const refund = await local.stripe.refunds.create({ payment_intent: await charged(local, "pm_card_pendingRefund") });
  expect(refund).toMatchObject({ status: "pending", pending_reason: "processing", amount: 2000 });

  await local.control("/clock", { advanceMs: waitSeconds * 1000 });

  const settled = await local.stripe.refunds.retrieve(refund.id);
  expect(settled).toMatchObject({ status: "succeeded" });
  expect(settled).not.toHaveProperty("pending_reason");
  expect(await typesSince(local, refund.id)).toEqual(["refund.created", "refund.updated", "charge.refund.updated"]);
});

test("a refund of the failing card succeeds, then fails, and its amount can be refunded again", async () => {
  const local = await startLocalStripe();
  const intent = await charged(local, "pm_card_refundFail");
  const refund = await local.stripe.refunds.create({ payment_intent: intent });
  expect(refund.status).toBe("succeeded");

  await local.control("/clock", { advanceMs: waitSeconds * 1000 });

  const failed = await local.stripe.refunds.retrieve(refund.id, { expand: ["failure_balance_transaction"] });
  expect(failed).toMatchObject({
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    failure_balance_transaction: { amount: 2000, type: "refund_failure" },
  });
  expect(await local.stripe.charges.retrieve(String(refund.charge))).toMatchObject({
    amount_refunded: 0,
    refunded: false,
  });
  expect(await typesSince(local, refund.id)).toContain("refund.failed");
  expect(await local.stripe.refunds.create({ payment_intent: intent })).toMatchObject({ amount: 2000 });
});

test("other refunds are over when they are made", async () => {
  const local = await startLocalStripe();
  const refund = await local.stripe.refunds.create({ payment_intent: await charged(local, "pm_card_visa") });

  await local.control("/clock", { advanceMs: waitSeconds * 1000 });

  expect(refund.status).toBe("succeeded");
  expect(await typesSince(local, refund.id)).toEqual(["refund.created"]);
});
