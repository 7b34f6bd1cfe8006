import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { POST } from "@/app/api/webhooks/stripe/route";
import { db } from "@/lib/db/client";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { order, pay, readOrder, shelve, stripeEvent } from "@/tests/integration/orders/shop";
import { whileDatabaseIsBusy } from "@/tests/support/busy-database";
import { startWorld, type World } from "@/tests/support/world";
import { rowCounts } from "./row-counts";

// `after` works only inside a request that Next serves; what it would do is the relay's own test.
vi.mock("next/server", () => ({ after: () => undefined }));

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

beforeEach(async () => {
  await db().stripeEvent.deleteMany();
  await db().outboxMessage.deleteMany();
});

afterAll(() => world.close());

const secret = "whsec_local_tests";

const event = (id: string, type = "invoice.paid") =>
  JSON.stringify({ id, object: "event", type, created: 1_795_000_000, data: { object: { id: "in_1" } } });

const sign = (payload: string, options: { secret?: string; timestamp?: number } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, ...options });

const post = (body: string | Uint8Array<ArrayBuffer>, signature?: string) =>
  POST(
    new Request("http://localhost:3000/api/webhooks/stripe", {
      method: "POST",
      body,
      headers: signature === undefined ? {} : { "stripe-signature": signature },
    }),
  );

test("a signed event is kept, its task is asked for, and it is answered", async () => {
  const body = event("evt_signed");

  const answer = await post(body, sign(body));

  expect(answer.status).toBe(200);
  expect(await db().stripeEvent.findUnique({ where: { id: "evt_signed" } })).toMatchObject({
    type: "invoice.paid",
    objectId: "in_1",
    status: "received",
    createdAt: new Date(1_795_000_000_000),
    payload: JSON.parse(body),
  });
  expect(await db().outboxMessage.findMany()).toMatchObject([
    { name: "stripe-event.received", key: "stripe-event:evt_signed", payload: { eventId: "evt_signed" } },
  ]);
});

test("a signed event of a type that the store does nothing with is kept and answered, and no task is asked for", async () => {
  const body = event("evt_unknown", "price.created");

  const answer = await post(body, sign(body));

  expect(answer.status).toBe(200);
  expect(await db().stripeEvent.findMany()).toMatchObject([{ id: "evt_unknown", status: "ignored" }]);
  expect(await db().outboxMessage.count()).toBe(0);
});

test("the same event five times at once is kept once and asked for once; all five are answered well", async () => {
  const body = event("evt_five");

  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => post(body, sign(body))));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(await db().stripeEvent.count()).toBe(1);
  expect(await db().outboxMessage.count()).toBe(1);
});

const body = event("evt_bad");
const longAgo = Math.floor(Date.now() / 1000) - 301;

test.each<[string, string | Uint8Array<ArrayBuffer>, string | undefined]>([
  ["a missing signature", body, undefined],
  ["an empty signature", body, ""],
  ["a signature of another secret", body, sign(body, { secret: "whsec_somebody_else" })],
  ["a signature of another body", body, sign(event("evt_other"))],
  ["an altered body", body.replace("invoice.paid", "invoice.void"), sign(body)],
  ["a body with one byte more", `${body}\n`, sign(body)],
  ["a signature older than five minutes", body, sign(body, { timestamp: longAgo })],
  ["a header that is no signature", body, "t=now,v1=yes"],
  ["a signed body that is no event", "[]", sign("[]")],
  ["a signed body that is no JSON", "hello", sign("hello")],
  ["an empty body", "", sign("")],
  ["bytes that are no text", new Uint8Array([255, 254, 0, 1]), sign("����")],
])("%s is answered 400 and touches no table", async (_, given, signature) => {
  const before = await rowCounts();

  const answer = await post(given, signature);

  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: expect.stringContaining("not signed by Stripe") });
  expect(await rowCounts()).toEqual(before);
});

test("a body of more than a megabyte is not even read to its end", async () => {
  const before = await rowCounts();

  const answer = await post("x".repeat(1_000_001), sign("x"));

  expect(answer.status).toBe(413);
  expect(await rowCounts()).toEqual(before);
});

test("while the database is busy an event is answered 503, which Stripe sends again; a forged one is still answered 400", async () => {
  const body = event("evt_busy");

  const [busy, forged] = await whileDatabaseIsBusy(() =>
    Promise.all([post(body, sign(body)), post(body, sign(body, { secret: "whsec_somebody_else" }))]),
  );

  expect([busy.status, forged.status]).toEqual([503, 400]);
  expect(await busy.json()).toMatchObject({ error: { code: "temporary" } });
  expect(await db().stripeEvent.count()).toBe(0);
  expect((await post(body, sign(body))).status).toBe(200);
});

test("an order paid at Stripe and told five times at once is authorised once and asked for once", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);
  const completed = await stripeEvent("checkout.session.completed", placed.orderId);
  const told = JSON.stringify(completed, null, 2);

  await Promise.all([1, 2, 3, 4, 5].map(() => post(told, sign(told))));
  const handled = await Promise.all(
    [1, 2, 3, 4, 5].map(() => handleStripeEvent({ eventId: completed.id, now: new Date() })),
  );

  expect(handled).toEqual(Array(5).fill({ processed: true, type: "checkout.session.completed" }));
  const stored = await readOrder(placed.orderId);
  expect(stored).toMatchObject({ status: "pending", paymentStatus: "authorized" });
  expect(stored.events.filter(({ kind }) => kind === "authorize")).toHaveLength(1);
  const messages = await db().outboxMessage.findMany({ where: { name: "order.process" } });
  expect(messages).toMatchObject([{ key: `order:${placed.orderId}:process`, tags: [`order_${placed.orderId}`] }]);
  const event = await db().outboxMessage.findFirst({ where: { name: "stripe-event.received" } });
  expect(event?.tags).toEqual([`order_${placed.orderId}`]);
});
