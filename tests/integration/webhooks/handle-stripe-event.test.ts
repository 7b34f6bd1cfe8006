import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { EventNotFoundError } from "@/lib/webhooks/errors";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { asked, hearFromStripe, order, pay, readOrder, shelve, stripeFault } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;
const now = new Date();

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

const keep = (id: string, type: string, object: { id?: string }) =>
  receiveStripeEvent({
    id,
    type,
    objectId: object.id ?? null,
    createdAt: now,
    payload: { id, type, data: { object } },
  });

const statusOf = async (id: string) => (await db().stripeEvent.findUniqueOrThrow({ where: { id } })).status;

test.each(["customer.created", "something.stripe.invents", "__proto__", "constructor"])(
  "an event of type %s, which we do nothing with, is kept as ignored and starts no run",
  async (type) => {
    await keep(`evt_${type}`, type, { id: "obj_1" });

    expect(await statusOf(`evt_${type}`)).toBe("ignored");
    expect(await db().outboxMessage.count({ where: { key: `stripe-event:evt_${type}` } })).toBe(0);
    expect(await handleStripeEvent({ eventId: `evt_${type}`, now })).toEqual({ processed: false, type });
  },
);

test("an event that was kept to be handled, of a type that we do nothing with any more, ends as ignored", async () => {
  const type = "payout.paid";
  await db().stripeEvent.create({ data: { id: "evt_older", type, objectId: "ch_1", createdAt: now, payload: {} } });

  expect(await handleStripeEvent({ eventId: "evt_older", now })).toEqual({ processed: false, type });

  expect(await statusOf("evt_older")).toBe("ignored");
});

test("what the message says is not believed: an order is not paid because an event says so", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await expect(pay(placed, "4000000000000002")).resolves.toBe(402);
  const sessionId = (await readOrder(placed.orderId)).payments[0]?.sessionId ?? "";
  const object = { id: sessionId, status: "complete", payment_status: "paid", client_reference_id: placed.orderId };
  await keep("evt_lie", "checkout.session.completed", object);

  expect(await handleStripeEvent({ eventId: "evt_lie", now })).toMatchObject({ processed: false });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "unpaid" });
  expect(await asked(placed.orderId)).toEqual([]);
});

test("a page of another shop on the same Stripe account is ignored", async () => {
  await keep("evt_foreign", "checkout.session.completed", { id: "cs_test_foreign" });
  await keep("evt_no_object", "checkout.session.expired", {});

  expect(await handleStripeEvent({ eventId: "evt_foreign", now })).toMatchObject({ processed: false });
  expect(await handleStripeEvent({ eventId: "evt_no_object", now })).toMatchObject({ processed: false });
});

test("while Stripe cannot be asked the event stays to be handled", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);
  await stripeFault({ method: "GET", path: "/v1/checkout/sessions/*", kind: "error_before", times: 3 });

  await expect(hearFromStripe(placed.orderId)).rejects.toThrow(TemporaryError);
  expect(await readOrder(placed.orderId)).toMatchObject({ paymentStatus: "unpaid" });
  expect(await hearFromStripe(placed.orderId)).toMatchObject({ processed: true });
});

test("a page that ran out, told after it was paid, changes nothing", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);
  await hearFromStripe(placed.orderId);
  const sessionId = (await readOrder(placed.orderId)).payments[0]?.sessionId ?? "";
  await keep("evt_late_expiry", "checkout.session.expired", { id: sessionId });

  await handleStripeEvent({ eventId: "evt_late_expiry", now });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "authorized" });
});

test("an event that was never kept is refused", async () => {
  await expect(handleStripeEvent({ eventId: "evt_none", now })).rejects.toThrow(EventNotFoundError);
});
