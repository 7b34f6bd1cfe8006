import { randomUUID } from "node:crypto";
import { auth, runs, tasks } from "@trigger.dev/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { typeCard } from "@/tests/integration/orders/shop";
import { type Copy, type HealthyStore, healthyStore, runWorker } from "./healthy-store";

let store: HealthyStore;

beforeAll(async () => {
  store = await healthyStore();
});

afterAll(() => store.close());

const hour = 60 * 60_000;
const inAnHour = () => new Date(Date.now() + hour);

describe("nothing is left undone", () => {
  test("an order that was paid and not packed", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql(`update "order" set status = 'confirmed' where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({ 4: [`Order ${packed.id} is still confirmed and paid.`] });
    expect(await copy.violations({ graceMs: hour })).toEqual({});
  });

  test("an order that staff have approved and nobody packed; while they have to decide it may wait", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql(`update "order" set status = 'confirmed' where id = $1`, [packed.id]);
    await copy.sql("insert into order_review (id, order_id, kind, reason) values ('rev_1', $1, 'order', 'Large.')", [
      packed.id,
    ]);

    expect(await copy.violations()).toEqual({});
    await copy.sql("update order_review set state = 'approved', decided_at = now()");

    expect(await copy.violations()).toEqual({ 4: [`Order ${packed.id} is still confirmed and paid.`] });
  });

  test("an order whose time to pay is over", async () => {
    const copy = await store.open();
    const { waiting } = store.orders;

    expect(await copy.violations({ now: inAnHour() })).toEqual({
      4: [`Order ${waiting.id} is still pending and unpaid.`],
    });
  });

  test("an order without a payment that anybody could make", async () => {
    const copy = await store.open();
    const { waiting } = store.orders;
    await copy.sql("update payment set state = 'failed' where id = $1", [waiting.payment]);

    expect(await copy.violations()).toEqual({ 4: [`Order ${waiting.id} is still pending and unpaid.`] });
  });

  test("a payment that was made and never heard of: in flight as to the money, and unfinished", async () => {
    const copy = await store.open();
    const { id, payment } = store.orders.waiting;
    const [row] = await copy.sql<{ session_url: string }>("select session_url from payment where id = $1", [payment]);
    // The page as the copy of Stripe serves it.
    await typeCard(new URL(new URL(row?.session_url ?? "").pathname, copy.stripeUrl).href);
    const { data } = await copy.stripe.paymentIntents.list({ limit: 1 });
    const intent = data[0]?.id ?? "";

    expect(await copy.violations()).toEqual({
      4: [`Order ${id} is still pending and unpaid, and Stripe holds 24.89 EUR with ${intent}.`],
    });

    await copy.stripe.paymentIntents.capture(intent);
    const { invariants } = await copy.audit();
    expect(invariants[2]).toMatchObject({ violations: 0, counted: expect.stringContaining("1 charge in flight") });
    expect(invariants[3]?.examples).toEqual([
      `Order ${id} is still pending and unpaid, and Stripe took 24.89 EUR with ${intent}.`,
    ]);
  });

  test("a packed order without a parcel", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql("delete from shipment where order_id = $1", [packed.id]);

    expect(await copy.violations()).toEqual({ 4: [`Order ${packed.id} is fulfilling and has no shipment.`] });
  });

  test("an event of Stripe's that was not handled", async () => {
    const copy = await store.open();
    const [event] = await copy.sql<{ id: string; type: string; received_at: Date }>(
      `update stripe_event set status = 'received' where id = (select min(id) from stripe_event) returning *`,
    );

    expect(await copy.violations()).toEqual({
      4: [`Event ${event?.id} (${event?.type}) came at ${event?.received_at.toISOString()} and was not handled.`],
    });
    expect(await copy.violations({ graceMs: hour })).toEqual({});
  });

  test("an import that goes on", async () => {
    const copy = await store.open();
    await copy.sql(
      `insert into import (id, type, file_name, source_key, currency, status, created_by)
       values ('imp_1', 'products', 'spring.csv', 'imports/1', 'EUR', 'running', 'user_grace')`,
    );

    expect(await copy.violations()).toEqual({ 4: ["Import imp_1 of spring.csv is still running."] });
  });

  test("a run of the store that is not over", async () => {
    const copy = await store.open({ withRuns: true });
    const run = await startRun(copy, ["store"]);

    const { createdAt } = await onPlatform(copy, () => runs.retrieve(run));
    expect(await copy.violations()).toEqual({
      4: [`Run ${run} of process-order began at ${createdAt.toISOString()} and is still QUEUED.`],
    });
  });

  test("a run that a schedule began has ten minutes", async () => {
    const copy = await store.open({ withRuns: true });
    const run = await startRun(copy, []);

    expect(await copy.violations()).toEqual({});
    const inElevenMinutes = new Date(Date.now() + 11 * 60_000);
    expect((await copy.violations({ now: inElevenMinutes }))[4]).toEqual([
      expect.stringContaining(`Run ${run} of process-order`),
    ]);
  });
});

describe("each notice went out once", () => {
  test("a notice that was made twice", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql("drop index sent_mail_order_id_kind_subject_key");
    const [first] = await copy.sql("select id from sent_mail where order_id = $1", [packed.id]);
    await copy.sql(
      `insert into sent_mail (id, kind, recipient, order_id, sent_at)
       values ('mail_zwei', 'confirmation', 'ada@example.com', $1, now())`,
      [packed.id],
    );

    expect(await copy.violations()).toEqual({
      5: [`The confirmation of ${packed.id} was made 2 times: ${first?.id}, mail_zwei.`],
    });
  });

  test.each([
    ["shipped", "packed", "fulfilling and paid"],
    ["refunded", "packed", "fulfilling and paid"],
    ["cancelled", "packed", "fulfilling and paid"],
    ["payment-failed", "cancelled", "cancelled and unpaid"],
    ["confirmation", "expired", "expired and unpaid"],
  ] as const)("a shopper who was told %s of an order that is %s", async (kind, which, state) => {
    const copy = await store.open();
    const { id } = store.orders[which];
    await copy.sql(
      `insert into sent_mail (id, kind, recipient, order_id, sent_at)
       values ('mail_odd', $2, 'ada@example.com', $1, now())`,
      [id, kind],
    );

    expect(await copy.violations()).toEqual({
      5: [`Mail mail_odd told the shopper ${kind}, and order ${id} is ${state}, its refund none.`],
    });
  });

  test.each([
    ["packed", "confirmation"],
    ["shipped", "shipped"],
    ["cancelled", "cancelled"],
  ] as const)("an order that is %s and whose shopper was not told", async (which, kind) => {
    const copy = await store.open();
    const { id } = store.orders[which];
    const untold = `The shopper of order ${id} was not told ${kind}`;

    const [mail] = await copy.sql(
      "update sent_mail set sent_at = null where order_id = $1 and kind = $2 returning id",
      [id, kind],
    );
    expect(await copy.violations()).toEqual({ 5: [`${untold}: mail ${mail?.id} did not go out.`] });
    expect(await copy.violations({ graceMs: hour })).toEqual({});

    await copy.sql("delete from sent_mail where id = $1", [mail?.id]);
    expect(await copy.violations()).toEqual({ 5: [`${untold}.`] });
  });

  test("a report that nobody got", async () => {
    const copy = await store.open();
    await copy.sql(
      `insert into report (id, business_date, time_zone, figures, checksum)
       values ('rep_1', '2026-11-24', 'UTC', '{}', 'none')`,
    );
    await copy.sql(
      `insert into sent_mail (id, kind, recipient, report_id) values ('mail_1', 'daily-report', 'f@example.com', 'rep_1')`,
    );

    expect(await copy.violations()).toEqual({ 5: ["Mail mail_1, the daily-report of rep_1, did not go out."] });
  });

  test("an import whose end nobody was told, unless it is older than such mails or its starter is gone", async () => {
    const copy = await store.open();
    const ended = (id: string, by: string, finishedAt: string) =>
      copy.sql(
        `insert into import (id, type, file_name, source_key, currency, created_by, status, finished_at)
         values ($1, 'products', 'a.csv', $1, 'EUR', $2, 'completed', now() - $3::interval)`,
        [id, by, finishedAt],
      );
    await copy.sql(
      `insert into "user" (id, name, email, role, updated_at) values ('user_ada', 'Ada', 'ada@shop.example', 'staff', now())`,
    );
    await ended("imp_old", "user_ada", "2 hours");
    await ended("imp_gone", "user_gone", "1 minute");
    await ended("imp_told", "user_ada", "1 minute");
    await ended("imp_lost", "user_ada", "1 minute");
    await copy.sql(
      `insert into outbox_message (id, name, key, payload, created_at, sent_at, run_id)
       values ('out_told', 'import.notify', 'told', '{"importId": "imp_told"}', now() - interval '1 hour', now(), 'run_told')`,
    );
    await copy.sql(
      `insert into sent_mail (id, kind, recipient, import_id, sent_at)
       values ('mail_told', 'import-ended', 'ada@shop.example', 'imp_told', now())`,
    );

    const untold = "Import imp_lost is completed, and user_ada, who started it, was not told.";
    expect(await copy.violations()).toEqual({ 5: [untold] });
    expect(await copy.violations({ graceMs: hour })).toEqual({});

    await copy.sql("update sent_mail set sent_at = null where id = 'mail_told'");
    expect((await copy.violations())[5]).toEqual([
      "Mail mail_told, the import-ended of imp_told, did not go out.",
      untold,
    ]);
  });
});

describe("a link that sets a password", () => {
  test("was not mailed although somebody with an account waits for it", async () => {
    const copy = await store.open();
    await copy.sql(
      `insert into "user" (id, name, email, role, updated_at)
       values ('user_ada', 'Ada', 'ada@shop.example', 'customer', now())`,
    );
    await copy.sql(
      `insert into password_reset (id, email, created_at, expires_at, closed_at) values
         ('pwr_lost', 'ada@shop.example', now() - interval '1 minute', now() + interval '59 minutes', null),
         ('pwr_told', 'ada@shop.example', now() - interval '1 minute', now() + interval '59 minutes', null),
         ('pwr_used', 'ada@shop.example', now() - interval '1 minute', now() + interval '59 minutes', now()),
         ('pwr_old', 'ada@shop.example', now() - interval '2 hours', now() - interval '1 hour', null),
         ('pwr_nobody', 'nobody@shop.example', now() - interval '1 minute', now() + interval '59 minutes', null)`,
    );
    await copy.sql(
      `insert into sent_mail (id, kind, recipient, password_reset_id, sent_at) values
         ('mail_told', 'password-reset', 'ada@shop.example', 'pwr_told', now()),
         ('mail_old', 'password-reset', 'ada@shop.example', 'pwr_old', null)`,
    );

    expect(await copy.violations()).toEqual({
      5: ["Password reset pwr_lost was asked for, and its link was not mailed."],
    });
    expect(await copy.violations({ graceMs: hour })).toEqual({});
  });
});

describe("each message has its run", () => {
  test("a message that was not sent", async () => {
    const copy = await store.open();
    await addMessage(copy, { id: "out_1", key: "order:1:process", attempts: 3, lastError: "the platform is away" });
    await addMessage(copy, { id: "out_2", key: "order:2:process", attempts: 0, lastError: null });
    await copy.sql("update outbox_message set available_at = now() + interval '1 hour' where id in ('out_1', 'out_2')");

    // The second one is to wait; the first one has been tried.
    expect(await copy.violations()).toEqual({
      6: ["Message out_1 (order:1:process) was not sent, after 3 tries: the platform is away."],
    });
    expect(await copy.violations({ graceMs: hour })).toEqual({});
  });

  test("a message that was sent as no run", async () => {
    const copy = await store.open();
    await addMessage(copy, { id: "out_1", key: "order:1:process", sent: true });

    expect(await copy.violations()).toEqual({
      6: ["Message out_1 (order:1:process) was sent, and no run of it is known."],
    });
  });

  test("two messages with one run", async () => {
    const copy = await store.open();
    await addMessage(copy, { id: "out_1", key: "order:1:process", sent: true, runId: "run_1" });
    await addMessage(copy, { id: "out_2", key: "order:2:process", sent: true, runId: "run_1" });

    expect(await copy.violations()).toEqual({ 6: ["Run run_1 is the run of 2 messages: out_1, out_2."] });
  });

  test("a message whose run the platform lost", async () => {
    const copy = await store.open({ withRuns: true });
    await addMessage(copy, { id: "out_1", key: "order:1:process", sent: true, runId: "run_lost" });

    expect(await copy.violations()).toEqual({
      6: ["Message out_1 (order:1:process) was sent as run_lost, and the platform has no run of it."],
    });
  });

  test("a message that has another run than it says", async () => {
    const copy = await store.open({ withRuns: true });
    const run = await startRun(copy, ["store", "out_1"], "complete");
    await addMessage(copy, { id: "out_1", key: "order:1:process", sent: true, runId: "run_other" });

    expect(await copy.violations()).toEqual({
      6: [`Message out_1 (order:1:process) was sent as run_other, and the platform has ${run} COMPLETED for it.`],
    });
  });

  test("a message that was worked on twice, unless staff had it done again", async () => {
    const copy = await store.open({ withRuns: true });
    const first = await startRun(copy, ["store", "out_1"], "complete");
    const second = await startRun(copy, ["store", "out_1"], "complete");
    await addMessage(copy, { id: "out_1", key: "order:1:process", sent: true, runId: first });

    expect(await copy.violations()).toEqual({
      6: [`Message out_1 (order:1:process) has 2 runs that did not fail: ${first} COMPLETED, ${second} COMPLETED.`],
    });

    await copy.sql(
      `insert into audit_entry (id, actor_id, action, subject) values ('aud_1', 'user_grace', 'run.replay', $1)`,
      [first],
    );
    expect(await copy.violations()).toEqual({});
  });

  test("a message whose run failed, until it was asked for again", async () => {
    const copy = await store.open({ withRuns: true });
    const failed = await startRun(copy, ["store", "out_1"], "fail");
    await addMessage(copy, { id: "out_1", key: "order:1:process", sent: true, runId: failed });

    expect(await copy.violations()).toEqual({
      6: [`Message out_1 (order:1:process) has no run that did not fail: ${failed} FAILED.`],
    });

    const again = await startRun(copy, ["store", "out_2"], "complete");
    await addMessage(copy, { id: "out_2", key: "order:1:process:2026-11-24T09", sent: true, runId: again });
    expect(await copy.violations()).toEqual({});
  });
});

type Message = {
  id: string;
  key: string;
  sent?: true;
  runId?: string;
  attempts?: number;
  lastError?: string | null;
};

async function addMessage(copy: Copy, { id, key, sent, runId, attempts = 1, lastError }: Message): Promise<void> {
  await copy.sql(
    `insert into outbox_message (id, name, key, payload, attempts, sent_at, run_id, last_error)
     values ($1, 'order.process', $2, '{}', $3, $4, $5, $6)`,
    [id, key, attempts, sent ? new Date() : null, runId ?? null, lastError ?? null],
  );
}

async function onPlatform<Answer>(copy: Copy, work: () => Promise<Answer>): Promise<Answer> {
  const accessToken = process.env.TRIGGER_SECRET_KEY ?? "";
  return await auth.withAuth({ baseURL: copy.triggerUrl ?? "", accessToken }, work);
}

/** A run with these tags, as the relay starts them: left in its queue, or ended by a worker. */
async function startRun(copy: Copy, tags: string[], end?: "complete" | "fail"): Promise<string> {
  const { id } = await onPlatform(copy, () => tasks.trigger("process-order", { n: randomUUID() }, { tags }));
  if (!end) return id;
  const worker = await runWorker(copy.triggerUrl ?? "", ["process-order"]);
  for (const message of await worker.dequeue()) {
    const attempt = await worker.start(message);
    await (end === "fail" ? worker.fail(attempt, "the card reader is on fire") : worker.complete(attempt));
  }
  return id;
}
