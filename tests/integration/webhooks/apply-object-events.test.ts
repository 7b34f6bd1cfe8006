import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { applyObjectEvents } from "@/lib/webhooks/apply-object-events";
import { eventFamily } from "@/lib/webhooks/event-family";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { asked, order, pay, readOrder, shelve, stripeFault } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;
const now = new Date();
const completed = "checkout.session.completed";
const expired = "checkout.session.expired";

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

beforeEach(() => fetch(`${world.stripe.url}/_local/faults`, { method: "DELETE" }));

afterAll(() => world.close());

let count = 0;
const keep = async (type: string, objectId: string, createdAt = now) => {
  count += 1;
  const id = `evt_${count}`;
  await receiveStripeEvent({
    id,
    type,
    objectId,
    createdAt,
    payload: { id, type, data: { object: { id: objectId } } },
  });
  return id;
};

/** An order whose page was paid, unheard of as yet; answers the page's id. */
async function paid() {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);
  const objectId = (await readOrder(placed.orderId)).payments[0]?.sessionId ?? "";
  return { ...placed, objectId };
}

const readsMax = 1_000;

/** Has Stripe count how often it is asked for payment pages from now on. */
async function countReads(): Promise<() => Promise<number>> {
  await stripeFault({ method: "GET", path: "/v1/checkout/sessions/*", kind: "delay", times: readsMax });
  return async () => {
    const [plan] = (await (await fetch(`${world.stripe.url}/_local/faults`)).json()) as { times: number }[];
    return readsMax - (plan?.times ?? 0);
  };
}

const statuses = async (ids: string[]) =>
  (await db().stripeEvent.findMany({ where: { id: { in: ids } }, orderBy: { id: "asc" } })).map(({ status }) => status);

test("five events of one object are one read at Stripe and one effect, and all five are handled", async () => {
  const { orderId, objectId } = await paid();
  const ids = await Promise.all([1, 2, 3, 4, 5].map(() => keep(completed, objectId)));
  const reads = await countReads();

  const done = await applyObjectEvents({ objectId, now });

  expect(done).toEqual({ objectId, applied: [{ type: completed, processed: true }] });
  expect(await reads()).toBe(1);
  expect(await statuses(ids)).toEqual(Array(5).fill("handled"));
  expect((await readOrder(orderId)).events.filter(({ kind }) => kind === "authorize")).toHaveLength(1);
  expect(await asked(orderId)).toEqual(["process"]);
});

test("ten runs about one object come to one effect", async () => {
  const { orderId, objectId } = await paid();
  const ids = await Promise.all([1, 2, 3].map(() => keep(completed, objectId)));

  await Promise.all(Array.from({ length: 10 }, () => applyObjectEvents({ objectId, now })));

  expect(await statuses(ids)).toEqual(Array(3).fill("handled"));
  expect((await readOrder(orderId)).events.filter(({ kind }) => kind === "authorize")).toHaveLength(1);
  expect(await asked(orderId)).toEqual(["process"]);
});

test("events told in the wrong order and together come out as Stripe has it", async () => {
  const { orderId, objectId } = await paid();
  const late = await keep(expired, objectId, new Date(now.getTime() + 5_000));
  const early = await keep(completed, objectId, new Date(now.getTime() - 5_000));

  const { applied } = await applyObjectEvents({ objectId, now });

  expect(applied).toEqual([
    { type: completed, processed: true },
    { type: expired, processed: false },
  ]);
  expect(await statuses([early])).toEqual(["handled"]);
  expect(await statuses([late])).toEqual(["ignored"]);
  expect(await readOrder(orderId)).toMatchObject({ status: "pending", paymentStatus: "authorized" });
});

test("an event that comes in while its object is worked on is taken along or left to the next run, never lost", async () => {
  const { orderId, objectId } = await paid();
  await keep(completed, objectId);

  const [, late] = await Promise.all([applyObjectEvents({ objectId, now }), keep(completed, objectId)]);
  await applyObjectEvents({ objectId, now });

  expect(await statuses([late])).toEqual(["handled"]);
  expect(await asked(orderId)).toEqual(["process"]);
});

test("while Stripe cannot be asked everything about the object stays to be handled", async () => {
  const { objectId } = await paid();
  const ids = [await keep(completed, objectId), await keep(completed, objectId)];
  await stripeFault({ method: "GET", path: "/v1/checkout/sessions/*", kind: "error_before", times: 3 });

  await expect(applyObjectEvents({ objectId, now })).rejects.toThrow(TemporaryError);
  expect(await statuses(ids)).toEqual(["received", "received"]);
  await applyObjectEvents({ objectId, now });

  expect(await statuses(ids)).toEqual(["handled", "handled"]);
});

test("events of other objects are left alone, and each hears of its own outcome", async () => {
  const { objectId } = await paid();
  const [mine, other] = [await keep(completed, objectId), await keep(completed, "cs_test_foreign")];

  await applyObjectEvents({ objectId, now });

  expect(await statuses([other])).toEqual(["received"]);
  expect(await handleStripeEvent({ eventId: mine, now })).toMatchObject({ processed: true });
  expect(await handleStripeEvent({ eventId: other, now })).toMatchObject({ processed: false });
});

test.each([
  [completed, "checkout"],
  ["invoice.paid", "billing"],
  ["customer.subscription.deleted", "billing"],
  ["customer.created", "payment"],
  ["charge.refunded", "payment"],
  ["something.stripe.invents", "payment"],
])("events of type %s are applied by the task for %s", (type, family) => {
  expect(eventFamily(type)).toBe(family);
});
