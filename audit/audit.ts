import type { Client } from "pg";
import { amount, counted } from "./amounts";
import { type Check, countOf, findViolations } from "./check";
import { captureChecks, captureCountSql } from "./checks/captures";
import { endingChecks, endingCountSql } from "./checks/endings";
import { moneyChecks, moneyCountSql, type Sums, sumsSql } from "./checks/money";
import { noticeChecks, noticeCountSql } from "./checks/notices";
import { messageChecks, messageCountSql, messageRunChecks } from "./checks/outbox";
import { stockChecks, stockCountSql } from "./checks/stock";
import { CouldNotLookError } from "./errors";
import { begin, clockTable, openSession } from "./snapshot";
import { openStripe, readLedger, type StripeAccess, stripeTables, takeBookmarks } from "./stripe-ledger";
import { readRuns, runTables, type TriggerAccess } from "./trigger-runs";

/** One of the six things that must hold. `examples` are the first violations, each a sentence. */
export type Invariant = {
  number: number;
  name: string;
  /** Whether it is exact only once the store is quiet: an order that is being worked on shows here until it is done. */
  needsQuiet: boolean;
  counted: string;
  violations: number;
  examples: string[];
};

export type AuditResult = { at: string; invariants: Invariant[]; notes: string[]; violations: number };

export type AuditOptions = {
  databaseUrl: string;
  stripe: StripeAccess;
  /** Without it nobody is asked about runs, and the result says so. */
  trigger?: TriggerAccess | undefined;
  /** What changed less long ago than this may still be under way. Nothing may, unless it is given. */
  graceMs?: number;
  /** Another time than the database's, for stores whose clock was moved. */
  now?: Date;
};

type Subject = {
  name: string;
  needsQuiet: boolean;
  count: (client: Client) => Promise<string>;
  checks: readonly Check[];
};

/**
 * Whether the store's money and stock are right: reads Postgres at one moment and what Stripe and the task platform say,
 * compares them by rules of its own, and changes nothing.
 *
 * @throws CouldNotLookError when one of them cannot be read
 */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  const { databaseUrl, trigger, graceMs = 0, now } = options;
  const stripe = openStripe(options.stripe);
  const client = await openSession(databaseUrl, [clockTable, ...stripeTables, ...runTables]);
  try {
    // In this order: whatever is in the snapshot and stands in for something at Stripe was there before Stripe is asked.
    const bookmarks = await takeBookmarks(stripe);
    const at = await begin(client, { graceMs, ...(now && { now }) });
    await readLedger(stripe, client, bookmarks);
    if (trigger) await readRuns(trigger, client);
    const invariants: Invariant[] = [];
    for (const subject of subjects(trigger !== undefined))
      invariants.push(await look(client, subject, invariants.length));
    return {
      at: at.toISOString(),
      invariants,
      notes: trigger ? [] : ["The runs were left out: no key of the task platform was given."],
      violations: invariants.reduce((sum, { violations }) => sum + violations, 0),
    };
  } catch (error) {
    throw isConnectionLoss(error) ? new CouldNotLookError("The database", error) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function look(client: Client, { name, needsQuiet, count, checks }: Subject, index: number): Promise<Invariant> {
  const { count: violations, examples } = await findViolations(client, checks);
  return { number: index + 1, name, needsQuiet, counted: await count(client), violations, examples };
}

function subjects(withRuns: boolean): Subject[] {
  return [
    { name: "stock adds up", needsQuiet: false, count: countStock, checks: stockChecks },
    {
      name: "one order a checkout, one charge an order",
      needsQuiet: false,
      count: countCaptures,
      checks: captureChecks,
    },
    { name: "the money here is the money at Stripe", needsQuiet: false, count: countMoney, checks: moneyChecks },
    { name: "nothing is left undone", needsQuiet: true, count: countEndings, checks: endingChecks },
    { name: "each notice went out once", needsQuiet: true, count: countNotices, checks: noticeChecks },
    {
      name: "each message has its run",
      needsQuiet: true,
      count: countMessages,
      checks: withRuns ? [...messageChecks, ...messageRunChecks] : messageChecks,
    },
  ];
}

async function countStock(client: Client): Promise<string> {
  type Counts = { variants: number; movements: number; reservations: number };
  const { variants, movements, reservations } = await countOf<Counts>(client, stockCountSql);
  return [counted(variants, "variant"), counted(movements, "movement"), counted(reservations, "reservation")].join(
    ", ",
  );
}

async function countCaptures(client: Client): Promise<string> {
  const counts = await countOf<{ checkouts: number; captures: number; saved_cards: number }>(client, captureCountSql);
  const { checkouts, captures, saved_cards: cards } = counts;
  const ofCards = cards > 0 ? ` (${cards.toLocaleString("en")} of saved cards)` : "";
  return `${counted(checkouts, "completed checkout")}, ${counted(captures, "charge")}${ofCards}`;
}

async function countMoney(client: Client): Promise<string> {
  type Counts = { orders: number; payments: number; invoices: number; in_flight: number };
  const { orders, payments, invoices, in_flight } = await countOf<Counts>(client, moneyCountSql);
  const { rows } = await client.query<Sums>(sumsSql);
  const sums = rows.map(
    ({ currency, charged_here, refunded_here, charged_there, refunded_there }) =>
      `${amount(charged_here - refunded_here, currency)} here and ${amount(charged_there - refunded_there, currency)} there`,
  );
  const flying = in_flight > 0 ? [`${counted(in_flight, "charge")} in flight`] : [];
  return [
    counted(orders, "order"),
    counted(payments, "payment"),
    counted(invoices, "invoice"),
    ...sums,
    ...flying,
  ].join(", ");
}

async function countEndings(client: Client): Promise<string> {
  type Counts = { orders: number; waiting: number; events: number; imports: number; runs: number };
  const { orders, waiting, events, imports, runs } = await countOf<Counts>(client, endingCountSql);
  return [
    `${counted(orders, "order")} of which ${waiting.toLocaleString("en")} wait for a person or a parcel`,
    counted(events, "event"),
    counted(imports, "import"),
    counted(runs, "run"),
  ].join(", ");
}

async function countNotices(client: Client): Promise<string> {
  const { sent, to_shoppers } = await countOf<{ sent: number; to_shoppers: number }>(client, noticeCountSql);
  return `${counted(sent, "mail")} sent of which ${to_shoppers.toLocaleString("en")} about orders`;
}

async function countMessages(client: Client): Promise<string> {
  type Counts = { messages: number; sent: number; runs: number };
  const { messages, sent, runs } = await countOf<Counts>(client, messageCountSql);
  return `${counted(messages, "message")} of which ${sent.toLocaleString("en")} sent, ${counted(runs, "run")} of the last day`;
}

/** Postgres went away, or ended the session. */
function isConnectionLoss(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    code.startsWith("57") ||
    code.startsWith("08") ||
    /^E[A-Z]+$/.test(code) ||
    message.startsWith("Connection terminated")
  );
}
