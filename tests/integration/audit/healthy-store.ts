import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import Stripe from "stripe";
import { type AuditOptions, type AuditResult, audit } from "@/audit/audit";
import type { Actor } from "@/lib/accounts/actor";
import { closeDb } from "@/lib/db/client";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import type { OrderId, VariantId } from "@/lib/ids";
import { sendOrderNotice } from "@/lib/notifications/send-order-notice";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { expireOrder } from "@/lib/orders/expire-order";
import { markShipped } from "@/lib/orders/mark-shipped";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import type { OrderNotice } from "@/lib/outbox/messages";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { startCarrier } from "@/local/carrier/server";
import { createDatabase, dropDatabase } from "@/local/postgres/databases";
import { startResend } from "@/local/resend/server";
import { startS3 } from "@/local/s3/server";
import { startStripe } from "@/local/stripe/server";
import { startTriggerServer } from "@/local/trigger/server";
import { authorizedOrder, inMinutes, order, readOrder, shelve, stripeDashboard } from "@/tests/integration/orders/shop";
import { TestWorker } from "@/tests/local/trigger/worker";
import { emptyDatabase } from "@/tests/support/database";
import { openShop } from "@/tests/support/world";

const grace: Actor = { kind: "staff", userId: "user_grace", role: "staff", email: "grace@shopfloor.example" };

type Placed = { id: OrderId; payment: string; intent: string };
/** One order in each state in which a quiet store may have one. */
type Orders = Record<"waiting" | "packed" | "shipped" | "expired" | "refused" | "cancelled", Placed>;

/** A store that was shut down in good order. `open` starts a copy of it, to do damage to. */
export type HealthyStore = {
  orders: Orders;
  mug: VariantId;
  /** Not counted: it can always be sold. */
  sticker: VariantId;
  open(options?: { withRuns?: true }): Promise<Copy>;
  close(): Promise<void>;
};

export type Copy = {
  databaseUrl: string;
  stripeUrl: string;
  triggerUrl: string | undefined;
  stripe: Stripe;
  /** Changes rows behind the application's back. */
  sql<Row extends object = { id: string }>(text: string, values?: unknown[]): Promise<Row[]>;
  audit(options?: Partial<AuditOptions>): Promise<AuditResult>;
  /** The violations by the number of their invariant; where all is well there is nothing. */
  violations(options?: Partial<AuditOptions>): Promise<Record<number, string[]>>;
  close(): Promise<void>;
};

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test must run in the integration project.`);
  return value;
}

const stripeOptions = (stateDir: string) => ({ port: 0, stateDir, secretKey: setting("STRIPE_SECRET_KEY") });
const triggerOptions = (databaseUrl: string) => ({
  port: 0,
  databaseUrl,
  secretKey: setting("TRIGGER_SECRET_KEY"),
  accessToken: "tr_pat_local_tests",
  projectRef: setting("TRIGGER_PROJECT_REF"),
});

/** Trades for a while, shuts everything down, and keeps what a copy is made of. */
export async function healthyStore(): Promise<HealthyStore> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-audit-"));
  const stripeDir = join(folder, "stripe");
  const triggerDatabase = await emptyDatabase();
  const stripe = await startStripe(stripeOptions(stripeDir));
  const resend = await startResend({ port: 0, stateDir: join(folder, "resend"), apiKey: setting("RESEND_API_KEY") });
  const carrier = await startCarrier({
    port: 0,
    stateDir: join(folder, "carrier"),
    apiKey: setting("CARRIER_API_KEY"),
  });
  const s3 = await startS3({
    port: 0,
    stateDir: join(folder, "s3"),
    accessKeyId: setting("AWS_ACCESS_KEY_ID"),
    secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
    region: setting("AWS_REGION"),
    buckets: [setting("S3_BUCKET")],
    corsOrigins: [],
  });
  const trigger = await startTriggerServer(triggerOptions(triggerDatabase.url));
  process.env.CARRIER_URL = carrier.url;
  process.env.AWS_ENDPOINT_URL_S3 = s3.url;
  process.env.STRIPE_API_URL = stripe.url;
  process.env.RESEND_BASE_URL = resend.url;
  process.env.TRIGGER_API_URL = trigger.url;

  const goods = await trade();
  await relayAll(trigger.url);
  await closeDb();
  await Promise.all([stripe, resend, carrier, s3, trigger].map((part) => part.close()));

  const copies: Copy[] = [];
  return {
    ...goods,
    open: async ({ withRuns } = {}) => {
      const name = `audit_${copies.length}`;
      const copy = await openCopy(folder, name, withRuns ? triggerDatabase.url : undefined);
      copies.push(copy);
      return copy;
    },
    close: async () => {
      for (const copy of copies) await copy.close();
      await triggerDatabase.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function trade() {
  await openShop();
  const mug = await shelve("Blue mug", 20);
  const sticker = await shelve("Sticker", null, 150);
  const ids: Record<keyof Orders, OrderId> = {
    packed: await paidOrder([mug, sticker]),
    shipped: await paidOrder([mug], 2),
    refused: await refusedOrder(mug),
    cancelled: await cancelledOrder(mug),
    expired: await expiredOrder(mug),
    waiting: await waitingOrder(mug),
  };
  await markShipped({ actor: grace, orderId: ids.shipped, now: new Date() });
  await tell(ids.shipped, "shipped");
  const orders = Object.fromEntries(
    await Promise.all(Object.entries(ids).map(async ([state, id]) => [state, await read(id)])),
  ) as Orders;
  return { orders, mug, sticker };
}

async function read(id: OrderId): Promise<Placed> {
  const payment = (await readOrder(id)).payments[0];
  return { id, payment: payment?.id ?? "", intent: payment?.paymentIntentId ?? "" };
}

async function tell(orderId: OrderId, notice: OrderNotice): Promise<void> {
  await sendOrderNotice({ orderId, notice, now: new Date() });
}

async function paidOrder(variants: VariantId[], quantity = 1): Promise<OrderId> {
  const { orderId } = await authorizedOrder(variants, quantity);
  await processOrder({ orderId, now: new Date() });
  await fulfillOrder({ orderId, now: new Date() });
  await tell(orderId, "confirmation");
  return orderId;
}

async function refusedOrder(variant: VariantId): Promise<OrderId> {
  const { orderId } = await authorizedOrder([variant]);
  await stripeDashboard().paymentIntents.cancel((await read(orderId)).intent);
  await processOrder({ orderId, now: new Date() });
  await tell(orderId, "payment-failed");
  return orderId;
}

async function cancelledOrder(variant: VariantId): Promise<OrderId> {
  const { orderId } = await authorizedOrder([variant]);
  await cancelOrder({ actor: grace, orderId, now: new Date() });
  await tell(orderId, "cancelled");
  return orderId;
}

async function expiredOrder(variant: VariantId): Promise<OrderId> {
  const placed = await order([variant]);
  await startPayment({ ...placed, now: new Date() });
  await expireOrder({ ...placed, now: inMinutes(41) });
  return placed.orderId;
}

async function waitingOrder(variant: VariantId): Promise<OrderId> {
  const placed = await order([variant]);
  await startPayment({ ...placed, now: new Date() });
  return placed.orderId;
}

/** Every message is sent, and every run ends well. */
async function relayAll(triggerUrl: string): Promise<void> {
  while ((await relayOutbox({ now: new Date() })).sent > 0);
  const tasks = ["handle-stripe-webhook", "process-order", "order-notifications", "fulfill-order"];
  const worker = await runWorker(triggerUrl, tasks);
  for (let taken = await worker.dequeue(); taken.length > 0; taken = await worker.dequeue())
    for (const message of taken) await worker.complete(await worker.start(message));
}

/** A worker of the platform that a copy or the store itself has. */
export function runWorker(triggerUrl: string, tasks: string[]): Promise<TestWorker> {
  const account = { secretKey: setting("TRIGGER_SECRET_KEY"), projectRef: setting("TRIGGER_PROJECT_REF") };
  return new TestWorker(triggerUrl, account).register(tasks.map((id) => ({ id })));
}

async function openCopy(folder: string, name: string, runsUrl: string | undefined): Promise<Copy> {
  const adminUrl = setting("TEST_POSTGRES_URL");
  const copyDatabase = (url: string, to: string) => createDatabase(adminUrl, to, new URL(url).pathname.slice(1));
  const unique = `${name}_${randomBytes(6).toString("hex")}`;
  const databaseUrl = await copyDatabase(setting("DATABASE_URL"), unique);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const stripeDir = join(folder, name);
  await cp(join(folder, "stripe"), stripeDir, { recursive: true });
  const stripePart = await startStripe(stripeOptions(stripeDir));
  const trigger = runsUrl
    ? await startTriggerServer(triggerOptions(await copyDatabase(runsUrl, `${unique}_runs`)))
    : undefined;

  const key = setting("STRIPE_SECRET_KEY");
  const look = (options: Partial<AuditOptions> = {}) =>
    audit({
      databaseUrl,
      stripe: { key, url: stripePart.url },
      trigger: trigger && { key: setting("TRIGGER_SECRET_KEY"), url: trigger.url },
      ...options,
    });
  return {
    databaseUrl,
    stripeUrl: stripePart.url,
    triggerUrl: trigger?.url,
    stripe: new Stripe(key, { host: "127.0.0.1", port: stripePart.port, protocol: "http", telemetry: false }),
    sql: async <Row extends object>(text: string, values?: unknown[]) => (await client.query<Row>(text, values)).rows,
    audit: look,
    violations: async (options) => {
      const { invariants } = await look(options);
      const broken = invariants.filter(({ violations }) => violations > 0);
      return Object.fromEntries(broken.map(({ number, examples }) => [number, examples]));
    },
    close: async () => {
      await Promise.all([client.end(), stripePart.close(), trigger?.close()]);
      await dropDatabase(adminUrl, unique);
      await dropDatabase(adminUrl, `${unique}_runs`);
    },
  };
}
