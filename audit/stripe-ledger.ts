import type { Client } from "pg";
import Stripe from "stripe";
import { CouldNotLookError } from "./errors";

/** Where Stripe's API is: without `url`, at Stripe. */
export type StripeAccess = { key: string; url?: string | undefined };

/**
 * What Stripe says, page by page into tables beside the store's own. `is_later` marks what came to be after the newest
 * object that was there before the snapshot: the store may not know of it yet, so nothing is missed on its account.
 */
export const stripeTables = [
  `audit_stripe_payment (id text primary key, order_id text, payment_id text, status text not null,
    amount bigint not null, received bigint not null, currency text not null, is_later boolean not null,
    customer text, payment_method text, here text, invoice_id text)`,
  `audit_stripe_session (id text primary key, order_id text, payment_intent_id text not null, is_later boolean not null)`,
  `audit_stripe_refund (id text primary key, payment_intent_id text, here text, amount bigint not null,
    currency text not null, is_later boolean not null)`,
  `audit_stripe_invoice (id text primary key, subscription_id text, amount bigint not null, currency text not null,
    payment_intent_ids text[] not null, is_later boolean not null)`,
] as const;

/** One list of Stripe's, newest first as Stripe gives it, and what is kept of each object; nothing of some. */
type List<Item extends { id: string }> = {
  table: string;
  pages: (stripe: Stripe, limit: number) => Stripe.ApiListPromise<Item>;
  rowOf: (item: Item) => object | undefined;
};

const payments: List<Stripe.PaymentIntent> = {
  table: "audit_stripe_payment",
  pages: (stripe, limit) => stripe.paymentIntents.list({ limit }),
  rowOf: ({ id, metadata, status, amount, amount_received, currency, customer, payment_method }) => ({
    id,
    order_id: metadata.orderId ?? null,
    payment_id: metadata.paymentId ?? null,
    status,
    amount,
    received: status === "succeeded" ? amount_received : 0,
    currency: currency.toUpperCase(),
    customer: idOf(customer),
    payment_method: idOf(payment_method),
  }),
};

const sessions: List<Stripe.Checkout.Session> = {
  table: "audit_stripe_session",
  pages: (stripe, limit) => stripe.checkout.sessions.list({ limit }),
  rowOf: (session) => {
    const intent = idOf(session.payment_intent);
    if (session.status !== "complete" || !intent) return undefined;
    const order_id = session.client_reference_id ?? session.metadata?.orderId ?? null;
    return { id: session.id, order_id, payment_intent_id: intent };
  },
};

const refunds: List<Stripe.Refund> = {
  table: "audit_stripe_refund",
  pages: (stripe, limit) => stripe.refunds.list({ limit }),
  // One that did not come about gives nothing back.
  rowOf: ({ id, payment_intent, metadata, amount, currency, status }) => {
    if (status === "failed" || status === "canceled") return undefined;
    const here = metadata?.refundId ?? null;
    return { id, payment_intent_id: idOf(payment_intent), here, amount, currency: currency.toUpperCase() };
  },
};

const invoices: List<Stripe.Invoice> = {
  table: "audit_stripe_invoice",
  pages: (stripe, limit) => stripe.invoices.list({ limit, status: "paid", expand: ["data.payments"] }),
  rowOf: ({ id, parent, amount_paid, currency, payments: made }) => ({
    id,
    subscription_id: idOf(parent?.subscription_details?.subscription ?? null),
    amount: amount_paid,
    currency: currency.toUpperCase(),
    payment_intent_ids: (made?.data ?? []).flatMap(({ payment }) => idOf(payment.payment_intent ?? null) ?? []),
  }),
};

const lists: readonly List<{ id: string }>[] = [payments, sessions, refunds, invoices].map((list) => list as never);
const pageSize = 100;

/** Stripe's own client; lists are only read. */
export function openStripe({ key, url }: StripeAccess): Stripe {
  const shared = { maxNetworkRetries: 3, timeout: 30_000, telemetry: false };
  if (!url) return new Stripe(key, shared);
  const { hostname, port, protocol } = new URL(url);
  const isPlain = protocol === "http:";
  return new Stripe(key, {
    ...shared,
    host: hostname,
    port: port || (isPlain ? 80 : 443),
    protocol: isPlain ? "http" : "https",
  });
}

/** The newest object of each list. Taken before the snapshot. */
export type Bookmarks = ReadonlyMap<string, string | undefined>;

/** @throws CouldNotLookError */
export function takeBookmarks(stripe: Stripe): Promise<Bookmarks> {
  return ofStripe(async () => {
    const marks = new Map<string, string | undefined>();
    for (const { table, pages } of lists) marks.set(table, (await pages(stripe, 1)).data[0]?.id);
    return marks;
  });
}

/** Brings Stripe's lists beside the snapshot, a page at a time. @throws CouldNotLookError */
export function readLedger(stripe: Stripe, client: Client, bookmarks: Bookmarks): Promise<void> {
  return ofStripe(async () => {
    for (const list of lists) await readList(stripe, client, list, bookmarks.get(list.table));
    for (const sql of matchSql) await client.query(sql);
    for (const { table } of lists) await client.query(`analyze ${table}`);
  });
}

async function readList(stripe: Stripe, client: Client, list: List<{ id: string }>, bookmark: string | undefined) {
  let isLater = true;
  let rows: object[] = [];
  const keep = async () => {
    await client.query(
      `insert into ${list.table} select * from json_populate_recordset(null::${list.table}, $1::json) on conflict do nothing`,
      [JSON.stringify(rows)],
    );
    rows = [];
  };
  for await (const item of list.pages(stripe, pageSize)) {
    if (item.id === bookmark) isLater = false;
    const row = list.rowOf(item);
    if (row) rows.push({ ...row, is_later: isLater });
    if (rows.length >= 5 * pageSize) await keep();
  }
  await keep();
}

/**
 * The store's row of each payment: the one that names it, or else the one it was made for and that names none yet. What
 * paid an invoice is no order's.
 */
const matchSql = [
  `update audit_stripe_payment at_stripe set here = coalesce(
     (select min(id) from payment where payment_intent_id = at_stripe.id),
     (select id from payment where id = at_stripe.payment_id and payment_intent_id is null))`,
  `update audit_stripe_payment at_stripe set invoice_id = invoice.id
   from (select id, unnest(payment_intent_ids) as payment_intent_id from audit_stripe_invoice) invoice
   where invoice.payment_intent_id = at_stripe.id`,
];

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}

async function ofStripe<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) throw new CouldNotLookError("Stripe", error);
    throw error;
  }
}
