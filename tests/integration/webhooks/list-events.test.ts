import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { listEvents } from "@/lib/webhooks/list-events";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";
import { hearFromStripe, order, pay, shelve } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;
const now = new Date();
const grace: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

const keep = (id: string, type: string, objectId: string | null) =>
  receiveStripeEvent({ id, type, objectId, createdAt: now, payload: { id, type, data: { object: { id: objectId } } } });

const found = async (asked: Partial<Parameters<typeof listEvents>[0]>) =>
  (await listEvents({ actor: grace, ...asked })).events.map(({ id }) => id);

test("staff see what came in, the last first, and what became of it; unknown types too", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);
  await hearFromStripe(placed.orderId);
  await keep("evt_unknown", "something.stripe.invents", null);
  await keep("evt_foreign", "checkout.session.completed", "cs_test_foreign");
  await handleStripeEvent({ eventId: "evt_foreign", now });
  await keep("evt_waiting", "invoice.paid", "in_1");

  const { events } = await listEvents({ actor: grace });

  expect(events).toMatchObject([
    { id: "evt_waiting", status: "received", isKnown: true, handledAt: null, runId: null },
    { id: "evt_foreign", status: "ignored", isKnown: true, orderId: null, objectId: "cs_test_foreign" },
    { id: "evt_unknown", status: "ignored", isKnown: false, objectId: null },
    { type: "checkout.session.completed", status: "handled", orderId: placed.orderId },
  ]);
});

test("each event shows the run that it was given to, and not another one's", async () => {
  await keep("evt_given", "invoice.paid", "in_2");
  await keep("evt_given2", "invoice.paid", "in_3");
  await db().outboxMessage.update({ where: { key: "stripe-event:evt_given" }, data: { runId: "run_1" } });

  const { events } = await listEvents({ actor: grace, limit: 2 });

  expect(events.map(({ id, runId }) => [id, runId])).toEqual([
    ["evt_given2", null],
    ["evt_given", "run_1"],
  ]);
});

test("they are found by part of their type, by id and by object, and by status; signs stand for themselves", async () => {
  await keep("evt_needle", "needle_type.created", "obj_needle");
  await keep("evt_needle2", "needlextype.created", "obj_other");

  expect(await found({ search: "needle_type" })).toEqual(["evt_needle"]);
  expect(await found({ search: "evt_needle" })).toEqual(["evt_needle"]);
  expect(await found({ search: " obj_needle " })).toEqual(["evt_needle"]);
  expect(await found({ search: "obj_need" })).toEqual([]);
  expect(await found({ search: "needle", status: "received" })).toEqual([]);
  expect(await found({ search: "needle", status: "ignored" })).toEqual(["evt_needle2", "evt_needle"]);
  expect(await found({ search: "\0%" })).toEqual([]);
});

test("pages follow each other without a gap, and a page after nothing is the first", async () => {
  const all = await found({});
  const pages: string[] = [];
  let after: string | undefined;
  do {
    const page = await listEvents({ actor: grace, limit: 2, after });
    pages.push(...page.events.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after);

  expect(pages).toEqual(all);
  expect(await found({ after: "evt_never" })).toEqual(all);
});

test("nobody else sees them", async () => {
  await expect(listEvents({ actor: { kind: "shopper" } })).rejects.toThrow(NotAllowedError);
});
