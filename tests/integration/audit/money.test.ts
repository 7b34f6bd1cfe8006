import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { begin, clockTable, openSession } from "@/audit/snapshot";
import { readLedger, stripeTables, takeBookmarks } from "@/audit/stripe-ledger";
import { typeCard } from "@/tests/integration/orders/shop";
import { type Copy, type HealthyStore, healthyStore } from "./healthy-store";

let store: HealthyStore;

beforeAll(async () => {
  store = await healthyStore();
});

afterAll(() => store.close());

/** A payment that somebody made at Stripe past the shop. */
function payAtStripe({ stripe }: Copy, given: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({
    amount: 500,
    currency: "eur",
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    ...given,
  });
}

const held = { capture_method: "manual" } as const;

/** The page that this order's payment was made on. */
async function sessionOf(copy: Copy, payment: string): Promise<string> {
  const [row] = await copy.sql<{ session_id: string }>("select session_id from payment where id = $1", [payment]);
  return row?.session_id ?? "";
}

/** A refund of 5.00 EUR, written down and not sent. */
async function promise(copy: Copy, orderId: string): Promise<void> {
  await copy.sql(
    `insert into refund (id, order_id, payment_id, amount, currency, reason, requested_by, updated_at)
     select 'rfd_1', order_id, id, 500, 'EUR', 'other', 'staff', now() from payment
     where order_id = $1 and state = 'captured'`,
    [orderId],
  );
  await copy.sql(`update "order" set refunded_amount = 500 where id = $1`, [orderId]);
}

describe("one order per paid checkout, one charge per order", () => {
  test("a completed checkout that no payment here names", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    const session = await sessionOf(copy, packed.payment);
    await copy.sql("update payment set session_id = null where id = $1", [packed.payment]);

    expect(await copy.violations()).toEqual({
      2: [
        `Checkout ${session} for order ${packed.id} was completed with ${packed.intent}, and no payment here names it.`,
        `Payment ${packed.payment} of order ${packed.id} is said to be made on a page, and has none.`,
      ],
    });
  });

  test("a completed checkout that belongs to one order at Stripe and to another here", async () => {
    const copy = await store.open();
    const { packed, waiting } = store.orders;
    const session = await copy.stripe.checkout.sessions.create({
      mode: "payment",
      client_reference_id: packed.id,
      line_items: [{ quantity: 1, price_data: { currency: "eur", unit_amount: 2489, product_data: { name: "Mug" } } }],
      payment_intent_data: held,
      success_url: "http://localhost:3000",
    });
    await typeCard(session.url ?? "");
    await copy.sql("update payment set session_id = $1 where id = $2", [session.id, waiting.payment]);

    expect(await copy.violations()).toEqual({
      2: [
        `Checkout ${session.id} is for order ${packed.id} at Stripe, and payment ${waiting.payment} here has it for ${waiting.id}.`,
      ],
    });
  });

  test("one checkout that pays two orders here", async () => {
    const copy = await store.open();
    const { cancelled, expired } = store.orders;
    const session = await sessionOf(copy, expired.payment);
    await copy.sql("drop index payment_session_id_key");
    await copy.sql(
      `insert into payment (id, order_id, state, amount, currency, session_id, updated_at)
       values ('pay_twin', $1, 'failed', 2489, 'EUR', $2, now())`,
      [cancelled.id, session],
    );

    const both = [cancelled.id, expired.id].sort().join(", ");
    expect(await copy.violations()).toEqual({ 2: [`Checkout ${session} pays 2 times here: for ${both}.`] });
  });

  test("a checkout that was paid with something else than our row says", async () => {
    const copy = await store.open();
    const { refused } = store.orders;
    const session = await sessionOf(copy, refused.payment);
    const other = await copy.stripe.paymentIntents.cancel((await payAtStripe(copy, held)).id);
    await copy.sql("update payment set payment_intent_id = $1 where id = $2", [other.id, refused.payment]);

    expect(await copy.violations()).toEqual({
      2: [
        `Checkout ${session} was paid with ${refused.intent}, and payment ${refused.payment} here names ${other.id}.`,
      ],
    });
  });

  test("an order that Stripe charged twice", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    const second = await payAtStripe(copy, { metadata: { orderId: packed.id, paymentId: packed.payment } });

    expect(await copy.violations()).toEqual({
      2: [`Order ${packed.id} was charged 2 times at Stripe: ${[packed.intent, second.id].sort().join(", ")}.`],
      3: [
        `${second.id} took 5.00 EUR at Stripe for order ${packed.id}, and no payment here names it.`,
        "In EUR Stripe has charged 76.27 EUR and given 0.00 EUR back, and here it is 71.27 EUR and 0.00 EUR.",
      ],
    });
  });

  test("an order with two captured payments here", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    const second = await payAtStripe(copy, { amount: 2639 });
    await copy.sql("drop index payment_one_live_per_order");
    await copy.sql(
      `insert into payment (id, order_id, state, amount, currency, payment_intent_id, captured_at, updated_at)
       values ('pay_second', $1, 'captured', 2639, 'EUR', $2, now(), now())`,
      [packed.id, second.id],
    );

    expect(await copy.violations()).toEqual({
      2: [
        `Order ${packed.id} was charged 2 times at Stripe: ${[packed.intent, second.id].sort().join(", ")}.`,
        `Order ${packed.id} has 2 captured payments here: ${packed.payment}, pay_second.`,
        `Payment pay_second of order ${packed.id} is said to be made on a page, and has none.`,
      ],
    });
  });

  test("one payment at Stripe that two payments here name", async () => {
    const copy = await store.open();
    const { refused, cancelled } = store.orders;
    await copy.sql("drop index payment_payment_intent_id_key");
    await copy.sql(
      `insert into payment (id, order_id, state, amount, currency, payment_intent_id, updated_at)
       values ('pay_twin', $1, 'voided', 2489, 'EUR', $2, now())`,
      [cancelled.id, refused.intent],
    );

    expect(await copy.violations()).toEqual({
      2: [`${refused.intent} belongs to 2 payments here: ${refused.payment}, pay_twin.`],
    });
  });

  test("a payment that names another order at Stripe", async () => {
    const copy = await store.open();
    const { packed, shipped } = store.orders;
    await copy.stripe.paymentIntents.update(packed.intent, { metadata: { orderId: shipped.id } });

    expect(await copy.violations()).toEqual({
      2: [
        `${packed.intent} is for order ${shipped.id} at Stripe, and payment ${packed.payment} here has it for ${packed.id}.`,
      ],
    });
  });
});

describe("what an order says of itself", () => {
  test("lines and shipping that do not add up to the total", async () => {
    const copy = await store.open();
    const { expired } = store.orders;
    await copy.sql(`alter table "order" drop constraint order_total`);
    await copy.sql(`update "order" set shipping_amount = shipping_amount + 100 where id = $1`, [expired.id]);

    expect(await copy.violations()).toEqual({
      3: [`Order ${expired.id} costs 24.89 EUR, and its lines and shipping add up to 25.89 EUR.`],
    });
  });

  test.each([
    ["amount = 2490", "24.90 EUR"],
    ["currency = 'JPY'", "2489 JPY"],
  ])("a payment of another sum than the order: %s", async (change, sum) => {
    const copy = await store.open();
    const { id, payment } = store.orders.expired;
    await copy.sql(`update payment set ${change} where id = $1`, [payment]);

    expect(await copy.violations()).toEqual({
      3: [`Payment ${payment} is of ${sum}, and order ${id} costs 24.89 EUR.`],
    });
  });

  test("a payment of an earlier price is none where another took its place", async () => {
    const copy = await store.open();
    const { id, payment } = store.orders.expired;
    await copy.sql("update payment set amount = 2490 where id = $1", [payment]);
    await copy.sql(
      `insert into payment (id, order_id, state, amount, currency, created_at, updated_at)
       select 'pay_later', order_id, state, 2489, currency, created_at, updated_at from payment where id = $1`,
      [payment],
    );

    expect(await copy.violations()).toEqual({});
    await copy.sql("update payment set amount = 2491 where id = 'pay_later'");
    await copy.sql("update payment set created_at = created_at + interval '1 second' where id = 'pay_later'");
    expect(await copy.violations()).toEqual({
      3: [`Payment pay_later is of 24.91 EUR, and order ${id} costs 24.89 EUR.`],
    });
  });

  test("items, discounts and tax that are not those of its lines", async () => {
    const copy = await store.open();
    const { expired } = store.orders;
    await copy.sql(`update "order" set tax_amount = 7 where id = $1`, [expired.id]);

    expect(await copy.violations()).toEqual({
      3: [
        `Order ${expired.id} says its items, the discount and the tax on them are 1999 0 7, and its lines add up to 1999 0 0.`,
      ],
    });
  });

  test("uses of a discount that no order has, that an order lacks, and that one kept that ended unpaid", async () => {
    const copy = await store.open();
    const { expired, packed } = store.orders;
    await copy.sql(
      `insert into discount (id, code, kind, value, used_count) values ('disc_1', 'TEN', 'percent', 1000, 2)`,
    );
    await copy.sql("insert into discount_use (order_id, discount_id) values ($1, 'disc_1')", [expired.id]);
    await copy.sql(`update "order" set discount_id = 'disc_1', discount_code = 'TEN' where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({
      3: expect.arrayContaining([
        "Discount TEN counts 2 uses, and orders that use it are 1.",
        `Order ${expired.id} is expired, and has not given the use of its discount back.`,
        expect.stringMatching(`^Order ${packed.id} is .*, and its discount does not count it.$`),
      ]),
    });
  });

  test("an order that calls itself authorised, and has no such payment", async () => {
    const copy = await store.open();
    const { expired } = store.orders;
    await copy.sql(`update "order" set payment_status = 'authorized' where id = $1`, [expired.id]);

    expect(await copy.violations()).toEqual({
      3: [`Order ${expired.id} says it is authorized, and its payments are: failed.`],
      4: [`Order ${expired.id} is still expired and authorized.`],
    });
  });

  test("an order that is confirmed and calls itself unpaid", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql(`update "order" set payment_status = 'unpaid' where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({
      3: [
        `Order ${packed.id} says it is unpaid, and its payments are: captured.`,
        `Order ${packed.id} is fulfilling and unpaid.`,
      ],
    });
  });

  test("an order that was paid and expired", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql(`update "order" set status = 'expired' where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({ 3: [`Order ${packed.id} is expired and paid.`] });
  });

  describe("an order that was paid and cancelled", () => {
    async function cancelled({ refused }: { refused: number }) {
      const copy = await store.open();
      const { packed } = store.orders;
      await copy.sql(`update "order" set status = 'cancelled' where id = $1`, [packed.id]);
      await promise(copy, packed.id);
      await copy.sql("update refund set amount = $1, state = 'failed', settled_at = now()", [refused]);
      await copy.sql(`update "order" set refunded_amount = 0 where id = $1`, [packed.id]);
      return (await copy.violations())[3];
    }

    test("and of whose money nothing was given back", async () => {
      expect(await cancelled({ refused: 500 })).toEqual([
        `Order ${store.orders.packed.id} is cancelled, 0.00 EUR of 26.39 EUR are given back or promised, and 5.00 EUR could not be.`,
      ]);
    });

    test("is no violation when its refund was refused, which staff were told of", async () => {
      expect(await cancelled({ refused: 2639 })).toBeUndefined();
    });
  });

  test("an order that promises more back than its refunds do", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql(`update "order" set refunded_amount = 500 where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({
      3: [`Order ${packed.id} says 5.00 EUR are given back or promised, and its refunds add up to 0.00 EUR.`],
    });
  });

  test("a refund that is promised here and was made at Stripe is no violation but waits for its answer", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await promise(copy, packed.id);
    await copy.stripe.refunds.create({ payment_intent: packed.intent, amount: 500, metadata: { refundId: "rfd_1" } });

    expect(await copy.violations()).toEqual({
      4: [`Refund rfd_1 of 5.00 EUR for order ${packed.id} was promised, and Stripe has not answered.`],
    });
  });

  test("a refund that succeeded here and is not at Stripe", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await promise(copy, packed.id);
    await copy.sql(
      "update refund set state = 'succeeded', stripe_refund_id = 're_1', succeeded_at = now(), settled_at = now()",
    );
    await copy.sql(`update "order" set refund_status = 'partial' where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({
      3: [
        `${packed.intent} of order ${packed.id} gave 0.00 EUR back at Stripe, and 5.00 EUR here.`,
        "In EUR Stripe has charged 71.27 EUR and given 0.00 EUR back, and here it is 71.27 EUR and 5.00 EUR.",
      ],
    });
  });

  test("an order that says something was given back, and nothing was", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql(`update "order" set refund_status = 'partial' where id = $1`, [packed.id]);

    expect(await copy.violations()).toEqual({
      3: [`Order ${packed.id} says its refund is partial, and 0.00 EUR of 26.39 EUR was given back here.`],
    });
  });
});

describe("the money here and at Stripe", () => {
  test("a payment that was captured here and that Stripe does not have", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    const session = await sessionOf(copy, packed.payment);
    await copy.sql("update payment set payment_intent_id = 'pi_gone' where id = $1", [packed.payment]);

    expect(await copy.violations()).toEqual({
      2: [`Checkout ${session} was paid with ${packed.intent}, and payment ${packed.payment} here names pi_gone.`],
      3: [
        `Payment ${packed.payment} of order ${packed.id} was captured here with 26.39 EUR, and at Stripe pi_gone does not exist.`,
        `${packed.intent} took 26.39 EUR at Stripe for order ${packed.id}, and no payment here names it.`,
      ],
    });
  });

  test("a payment that was captured here and is only held at Stripe", async () => {
    const copy = await store.open();
    const { id, payment } = store.orders.cancelled;
    const intent = await payAtStripe(copy, { ...held, amount: 2489, metadata: { orderId: id } });
    await copy.sql("update payment set state = 'captured', captured_at = now(), payment_intent_id = $1 where id = $2", [
      intent.id,
      payment,
    ]);

    const { 3: money } = await copy.violations();

    expect(money).toEqual([
      `Order ${id} says it is unpaid, and its payments are: captured.`,
      `Payment ${payment} of order ${id} was captured here with 24.89 EUR, and at Stripe ${intent.id} is requires_capture.`,
      "In EUR Stripe has charged 71.27 EUR and given 0.00 EUR back, and here it is 96.16 EUR and 0.00 EUR.",
    ]);
  });

  test("a payment of which Stripe took another sum", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.sql("update payment set amount = amount + 100 where id = $1", [packed.payment]);
    await copy.sql(
      `update "order" set shipping_amount = shipping_amount + 100, total_amount = total_amount + 100 where id = $1`,
      [packed.id],
    );

    expect(await copy.violations()).toEqual({
      3: [
        `${packed.intent} took 26.39 EUR at Stripe, and payment ${packed.payment} of order ${packed.id} is of 27.39 EUR.`,
        "In EUR Stripe has charged 71.27 EUR and given 0.00 EUR back, and here it is 72.27 EUR and 0.00 EUR.",
      ],
    });
  });

  test("money that Stripe still holds for a payment that is over here", async () => {
    const copy = await store.open();
    const { id, payment } = store.orders.expired;
    const intent = await payAtStripe(copy, { ...held, amount: 2489, metadata: { orderId: id, paymentId: payment } });

    expect(await copy.violations()).toEqual({
      3: [`${intent.id} still holds 24.89 EUR at Stripe, and payment ${payment} of order ${id} is failed here.`],
    });
  });

  test("money that Stripe took for a payment that is over here", async () => {
    const copy = await store.open();
    const { id, payment } = store.orders.expired;
    const intent = await payAtStripe(copy, { amount: 2489, metadata: { orderId: id, paymentId: payment } });

    expect(await copy.violations()).toEqual({
      3: [
        `${intent.id} took 24.89 EUR at Stripe, and payment ${payment} of order ${id} is failed here.`,
        "In EUR Stripe has charged 96.16 EUR and given 0.00 EUR back, and here it is 71.27 EUR and 0.00 EUR.",
      ],
    });
  });

  test.each([
    [{ orderId: "ord_of_nobody" }, "order ord_of_nobody"],
    [{}, "no order"],
  ])("money that Stripe took and that nothing here knows of: %o", async (metadata, whose) => {
    const copy = await store.open();
    const intent = await payAtStripe(copy, { metadata, currency: "usd" });

    expect(await copy.violations()).toEqual({
      3: [
        `${intent.id} took 5.00 USD at Stripe for ${whose}, and no payment here names it.`,
        "In USD Stripe has charged 5.00 USD and given 0.00 USD back, and here it is 0.00 USD and 0.00 USD.",
      ],
    });
  });

  test("money that Stripe holds for an order that is not here", async () => {
    const copy = await store.open();
    const intent = await payAtStripe(copy, { ...held, metadata: { orderId: "ord_of_nobody" } });

    expect(await copy.violations()).toEqual({
      3: [`${intent.id} holds 5.00 EUR at Stripe for order ord_of_nobody, and no payment here names it.`],
    });
  });

  test("money that was given back at Stripe only", async () => {
    const copy = await store.open();
    const { packed } = store.orders;
    await copy.stripe.refunds.create({ payment_intent: packed.intent, amount: 500 });
    await copy.stripe.refunds.create({ payment_intent: packed.intent, amount: 100 });

    expect(await copy.violations()).toEqual({
      3: [
        `${packed.intent} of order ${packed.id} gave 6.00 EUR back at Stripe, and 0.00 EUR here.`,
        "In EUR Stripe has charged 71.27 EUR and given 6.00 EUR back, and here it is 71.27 EUR and 0.00 EUR.",
      ],
    });
  });
});

describe("renewals of subscriptions", () => {
  /** Ada's refills, paid once: 15.00 EUR with a payment that names no order. */
  async function renewed(here: { status: string; amount: number }) {
    const copy = await store.open();
    const intent = await payAtStripe(copy, { amount: 1500 });
    await plant(copy, {
      id: "in_1",
      object: "invoice",
      created: 1_795_000_000,
      status: "paid",
      currency: "eur",
      amount_paid: 1500,
      parent: { type: "subscription_details", subscription_details: { subscription: "sub_1" } },
      payments: { object: "list", data: [{ payment: { type: "payment_intent", payment_intent: intent.id } }] },
    });
    await copy.sql(
      `insert into subscription (id, stripe_subscription_id, email, updated_at)
       values ('sub_ada', 'sub_1', 'ada@example.com', now())`,
    );
    await copy.sql(
      `insert into subscription_invoice (id, subscription_id, stripe_invoice_id, status, amount, currency)
       values ('sinv_1', 'sub_ada', 'in_1', $1, $2, 'EUR')`,
      [here.status, here.amount],
    );
    return copy;
  }

  async function plant({ stripeUrl }: Copy, object: object): Promise<void> {
    const answer = await fetch(`${stripeUrl}/_local/plant`, { method: "POST", body: JSON.stringify({ object }) });
    expect(answer.status).toBe(200);
  }

  test("one that was paid on both sides is money like any other", async () => {
    const copy = await renewed({ status: "paid", amount: 1500 });

    const { violations, invariants } = await copy.audit();

    expect(violations).toBe(0);
    expect(invariants[2]?.counted).toBe("6 orders, 6 payments, 1 invoice, 86.27 EUR here and 86.27 EUR there");
  });

  test("one that was paid at Stripe only", async () => {
    const copy = await renewed({ status: "failed", amount: 1500 });

    expect(await copy.violations()).toEqual({ 4: ["Invoice in_1 took 15.00 EUR at Stripe, and is not paid here."] });
  });

  test("one that was paid with another sum", async () => {
    const copy = await renewed({ status: "paid", amount: 1400 });

    expect(await copy.violations()).toEqual({
      3: [
        "Invoice in_1 was paid with 15.00 EUR at Stripe, and with 14.00 EUR here.",
        "In EUR Stripe has charged 86.27 EUR and given 0.00 EUR back, and here it is 85.27 EUR and 0.00 EUR.",
      ],
    });
  });

  test("one that was paid here only", async () => {
    const copy = await renewed({ status: "paid", amount: 1500 });
    await copy.sql(
      `insert into subscription_invoice (id, subscription_id, stripe_invoice_id, status, amount, currency)
       values ('sinv_2', 'sub_ada', 'in_2', 'paid', 1500, 'EUR')`,
    );

    expect(await copy.violations()).toEqual({
      3: [
        "Invoice in_2 was paid with 15.00 EUR here, and is no paid invoice of Stripe's.",
        "In EUR Stripe has charged 86.27 EUR and given 0.00 EUR back, and here it is 101.27 EUR and 0.00 EUR.",
      ],
    });
  });
});

test("what Stripe makes after the bookmark is read, and marked as later than the snapshot", async () => {
  const copy = await store.open();
  const client = await openSession(copy.databaseUrl, [clockTable, ...stripeTables]);
  try {
    const bookmarks = await takeBookmarks(copy.stripe);
    const later = await payAtStripe(copy);
    await begin(client, { graceMs: 0 });

    await readLedger(copy.stripe, client, bookmarks);

    const { rows } = await client.query<{ id: string; is_later: boolean }>("select * from audit_stripe_payment");
    expect(rows).toHaveLength(5);
    expect(rows.filter(({ is_later }) => is_later).map(({ id }) => id)).toEqual([later.id]);
  } finally {
    await client.end();
  }
});

test("more than a page of Stripe's list is read to its end", async () => {
  const copy = await store.open();
  await Promise.all(Array.from({ length: 105 }, () => payAtStripe(copy, { ...held })));

  const { invariants } = await copy.audit();

  expect(invariants.map(({ violations }) => violations)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(invariants[1]?.counted).toBe("4 completed checkouts, 2 charges");
});
