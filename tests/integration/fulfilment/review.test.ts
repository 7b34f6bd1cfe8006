import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import type { OrderId, ReviewId } from "@/lib/ids";
import { noteReviewToken } from "@/lib/orders/ask-for-review";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { OrderNotFoundError, ReviewDecidedError } from "@/lib/orders/errors";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { getOrderForStaff } from "@/lib/orders/get-order-for-staff";
import { listOrders } from "@/lib/orders/list-orders";
import { processOrder } from "@/lib/orders/process-order";
import { resumeOrders } from "@/lib/orders/resume-orders";
import {
  ada,
  allRunsAreOver,
  asked,
  authorizedOrder,
  inMinutes,
  markSent,
  readOrder,
  shelve,
} from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { labelsOf } from "./labels";

let world: World<"stripe" | "carrier" | "s3">;
const now = new Date();
const grace: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };
const linus: Actor = { kind: "staff", userId: "user_linus", role: "staff", email: "linus@shopfloor.example" };

beforeAll(async () => {
  world = await startWorld({ stripe: true, carrier: true, s3: true });
});

const reviewFrom = (reviewFromAmount: number | null) => db().storeSettings.updateMany({ data: { reviewFromAmount } });

beforeEach(() => reviewFrom(20_000));

afterAll(() => world.close());

async function confirmed({ priceAmount = 25_000, line1 = ada.shipTo.line1 } = {}) {
  const placed = await authorizedOrder([await shelve("Lathe", 1, priceAmount)]);
  await db().order.update({ where: { id: placed.orderId }, data: { shipTo: { ...ada.shipTo, line1 } } });
  await processOrder({ ...placed, now });
  return placed;
}

/** An order that waits for staff, with what they have to decide. */
async function waiting(options?: Parameters<typeof confirmed>[0]) {
  const { orderId, accessToken } = await confirmed(options);
  const answer = await fulfillOrder({ orderId, now });
  if (answer.outcome !== "waiting") throw new Error(`It is ${answer.outcome}`);
  return { orderId, accessToken, reviewId: answer.reviewId as ReviewId };
}

const kindsOf = async (orderId: OrderId) => (await readOrder(orderId)).events.map(({ kind }) => kind);

test("from the store's limit on an order waits for staff, and says why; below it, it is packed", async () => {
  const small = await confirmed({ priceAmount: 19_999 });
  const { orderId } = await waiting({ priceAmount: 20_000 });

  expect(await fulfillOrder({ orderId: small.orderId, now })).toMatchObject({ outcome: "packed" });
  expect(await readOrder(orderId)).toMatchObject({ status: "confirmed", shipment: null });
  expect(await labelsOf(orderId)).toEqual([]);
  expect((await getOrderForStaff({ actor: grace, id: orderId })).review).toMatchObject({
    kind: "order",
    isRefused: false,
    reason: expect.stringContaining("€200.00"),
  });
});

test("without a limit no total is looked at", async () => {
  await reviewFrom(null);
  const { orderId } = await confirmed({ priceAmount: 9_000_000 });

  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "packed" });
});

test("an order that was charged another sum than it costs waits, however small it is", async () => {
  const { orderId } = await confirmed({ priceAmount: 1_000 });
  await db().payment.updateMany({ where: { orderId }, data: { amount: 1 } });

  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "waiting" });

  expect((await getOrderForStaff({ actor: grace, id: orderId })).review?.reason).toMatch(/^€0\.01 was charged for/);
});

test("ten callers at once ask for one review", async () => {
  const { orderId } = await confirmed();

  const answers = await Promise.all(Array.from({ length: 10 }, () => fulfillOrder({ orderId, now })));

  expect(new Set(answers.map((answer) => ("reviewId" in answer ? answer.reviewId : answer.outcome))).size).toBe(1);
  expect(await db().orderReview.count({ where: { orderId } })).toBe(1);
  expect((await kindsOf(orderId)).filter((kind) => kind === "review")).toHaveLength(1);
});

test("an approved order is packed and is not looked at again; who approved it is kept", async () => {
  const { orderId, reviewId } = await waiting();

  await approveReview({ actor: grace, orderId, reviewId, now });

  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "packed" });
  expect(await labelsOf(orderId)).toHaveLength(1);
  expect(await db().auditEntry.findMany({ where: { subject: orderId } })).toMatchObject([
    { actorId: "user_grace", action: "order.approve" },
  ]);
});

test("a refused order stays confirmed and is never packed, until somebody approves it after all", async () => {
  const { orderId, reviewId } = await waiting();

  await refuseReview({ actor: grace, orderId, reviewId, reason: "The card is stolen.", now });

  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "refused" });
  expect(await readOrder(orderId)).toMatchObject({ status: "confirmed", paymentStatus: "paid", shipment: null });
  const refusal = (await readOrder(orderId)).events.find(({ kind }) => kind === "refuse-packing");
  expect(refusal).toMatchObject({
    actor: "staff:user_grace",
    message: "The card is stolen.",
  });
  expect((await getOrderForStaff({ actor: grace, id: orderId })).review).toMatchObject({
    isRefused: true,
    note: "The card is stolen.",
  });

  await approveReview({ actor: linus, orderId, reviewId, now });

  expect(await asked(orderId)).toContain(`fulfil:${reviewId}`);
  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "packed" });
});

test("of approving and refusing at once one is heard, and the other is told", async () => {
  for (let round = 0; round < 5; round++) {
    const { orderId, reviewId } = await waiting();

    const outcomes = await Promise.allSettled([
      refuseReview({ actor: grace, orderId, reviewId, reason: "No.", now }),
      refuseReview({ actor: linus, orderId, reviewId, reason: "No.", now }),
    ]);

    const losers = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(losers).toMatchObject([{ reason: expect.any(ReviewDecidedError) }]);
    expect((await kindsOf(orderId)).filter((kind) => kind === "refuse-packing")).toHaveLength(1);
  }
});

test("the carrier's refusal waits for staff in the carrier's words; with the address corrected it is packed", async () => {
  const { orderId, reviewId } = await waiting({ priceAmount: 1_999, line1: "1 No such street" });
  const { review } = await getOrderForStaff({ actor: grace, id: orderId });
  expect(review).toMatchObject({ kind: "parcel", reason: expect.stringContaining('no street "1 No such street"') });

  const { country: _, ...address } = ada.shipTo;
  await approveReview({ actor: grace, orderId, reviewId, correction: address, now });

  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "packed" });
  expect(await labelsOf(orderId)).toMatchObject([{ parcel: { to: { line1: ada.shipTo.line1, country: "GB" } } }]);
});

test("an address that is still wrong waits again", async () => {
  const { orderId, reviewId } = await waiting({ priceAmount: 1_999, line1: "1 No such street" });

  await approveReview({ actor: grace, orderId, reviewId, now });

  const again = await fulfillOrder({ orderId, now });
  expect(again).toMatchObject({ outcome: "waiting" });
  expect("reviewId" in again && again.reviewId).not.toBe(reviewId);
});

test("a decision nobody waits for asks for the work itself", async () => {
  const { orderId, reviewId } = await waiting();

  await approveReview({ actor: grace, orderId, reviewId, now });

  expect(await asked(orderId)).toContain(`fulfil:${reviewId}`);
});

test("a decision that the task platform cannot be told of is kept, and its work asked for", async () => {
  const { orderId, reviewId } = await waiting();
  expect(await noteReviewToken({ reviewId, tokenId: "waitpoint_1" })).toBe(true);

  // Nobody answers at TRIGGER_API_URL in this world.
  await approveReview({ actor: grace, orderId, reviewId, now });

  expect(await asked(orderId)).toContain(`fulfil:${reviewId}`);
  expect(await fulfillOrder({ orderId, now })).toMatchObject({ outcome: "packed" });
});

test("a run that comes to wait after the decision hears that there is nothing to wait for", async () => {
  const { orderId, reviewId } = await waiting();
  await approveReview({ actor: grace, orderId, reviewId, now });

  expect(await noteReviewToken({ reviewId, tokenId: "waitpoint_late" })).toBe(false);
});

test("the sweep leaves alone what waits for a person, and asks again once they have decided", async () => {
  const { orderId, reviewId } = await waiting();
  const again = async () => (await asked(orderId)).filter((key) => /^fulfil:\d/.test(key)).length;

  await markSent();
  await resumeOrders({ isRunOver: allRunsAreOver, now: inMinutes(11) });
  expect(await again()).toBe(0);
  await approveReview({ actor: grace, orderId, reviewId, now });
  await markSent();
  await resumeOrders({ isRunOver: allRunsAreOver, now: inMinutes(31) });

  expect(await again()).toBe(1);
});

test("the sweep has a label taken back that was asked for before its order was cancelled", async () => {
  const { orderId } = await confirmed({ priceAmount: 1_000 });
  await db().shippingLabel.create({ data: { id: "shp_left", orderId, weightGrams: 0 } });
  await db().order.update({ where: { id: orderId }, data: { status: "cancelled" } });

  await markSent();
  await resumeOrders({ isRunOver: allRunsAreOver, now: inMinutes(11) });

  expect((await asked(orderId)).filter((key) => /^fulfil:\d/.test(key))).toHaveLength(1);
});

test("what waits for a decision is closed when its order is cancelled", async () => {
  const { orderId, reviewId } = await waiting();
  await cancelOrder({ actor: grace, orderId, now });

  await fulfillOrder({ orderId, now });
  await fulfillOrder({ orderId, now });

  expect(await db().orderReview.findUnique({ where: { id: reviewId } })).toMatchObject({
    state: "refused",
    decidedBy: "system",
    note: "The order was cancelled.",
  });
});

test("shoppers are not told of it, and only staff decide", async () => {
  const { orderId, accessToken, reviewId } = await waiting();
  const shopper: Actor = { kind: "shopper" };

  const { timeline } = await getOrderForShopper(orderId, accessToken);

  expect(timeline.map(({ kind }) => kind)).not.toContain("review");
  await expect(approveReview({ actor: shopper, orderId, reviewId, now })).rejects.toThrow(NotAllowedError);
  await expect(refuseReview({ actor: shopper, orderId, reviewId, reason: "No.", now })).rejects.toThrow(
    NotAllowedError,
  );
});

test("a review of another order is not found, and one of an order that is over is not decided", async () => {
  const one = await waiting();
  const other = await waiting();

  const crossed = approveReview({ actor: grace, orderId: one.orderId, reviewId: other.reviewId, now });
  await expect(crossed).rejects.toThrow(OrderNotFoundError);
  await db().order.update({ where: { id: one.orderId }, data: { status: "cancelled" } });
  await expect(approveReview({ actor: grace, ...one, now })).rejects.toThrow(ReviewDecidedError);
});

test("the list of orders shows which of them need a look", async () => {
  const { orderId, reviewId } = await waiting();
  const reviewInList = async () => (await listOrders({ actor: grace })).orders.find(({ id }) => id === orderId)?.review;

  expect(await reviewInList()).toEqual({ isRefused: false });
  await refuseReview({ actor: grace, orderId, reviewId, reason: "No.", now });
  expect(await reviewInList()).toEqual({ isRefused: true });
});
