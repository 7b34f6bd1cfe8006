import type { OrderId } from "@/lib/ids";
import type { Store } from "./store";
import type { World } from "./world";

type Mail = { to: string[]; subject: string };
type LabelAtCarrier = { voidedAt: string | null };

/** How everything stands at the end of a play, in words that two plays of one scenario share. */
export type Picture = Record<string, unknown>;

/** Timeline rows that a crash may leave beside those of a play without one. */
const marginal = ["capture-unclear", "cancel-unclear", "refund-unclear"];

/** Looks at the store from outside: its tables, Stripe's ledger, the inbox, the carrier's labels. */
export async function takePicture({ sql, stripe }: Store, world: World): Promise<Picture> {
  const rows = async (text: string) => (await sql.query<{ row: string }>(text)).rows.map(({ row }) => row);
  const { data: intents } = await stripe.paymentIntents.list({ limit: 100 });
  const { data: refunds } = await stripe.refunds.list({ limit: 100 });
  const mails = await world.read<Mail[]>("resend", "/emails");
  const labels = await world.read<LabelAtCarrier[]>("carrier", "/labels");
  const numbered = await rows(`select number::text as row from "order" order by number`);
  const named = (text: string) => numbered.reduce((words, number) => words.replaceAll(number, "N"), text);
  return {
    orders: await rows(
      `select concat_ws(' ', status, payment_status, refund_status, total_amount, refunded_amount) as row
       from "order" order by number`,
    ),
    timeline: await rows(
      `select kind || ' by ' || actor as row from order_event where kind <> all('{${marginal}}') order by kind, actor`,
    ),
    payments: await rows(
      `select concat_ws(' ', state, amount) as row from payment where state <> 'failed' order by state, amount`,
    ),
    refunds: await rows(`select concat_ws(' ', state, amount, reason) as row from refund order by amount, state`),
    returns: await rows(`select state::text as row from "return" order by state`),
    disputes: await rows(`select concat_ws(' ', status, amount) as row from dispute order by status`),
    reviews: await rows(`select concat_ws(' ', kind, state) as row from order_review order by kind, state`),
    shipments: await rows(`select status::text as row from shipment order by status`),
    stock: await rows(`select concat_ws(' ', on_hand, reserved) as row from stock_item order by variant_id`),
    staffActions: await rows(`select action as row from audit_entry order by action`),
    mails: mails
      .map(({ to, subject }) => `${subject} to ${to}`)
      .map(named)
      .sort(),
    labels: { live: labels.filter(({ voidedAt }) => voidedAt === null).length, bought: labels.length },
    charges: intents.map(({ status, amount_received }) => `${status} ${amount_received}`).sort(),
    refundsAtStripe: refunds.map(({ status, amount }) => `${status} ${amount}`).sort(),
  };
}

/** What is not as in the play without a crash, a sentence each. */
export function differences(expected: Picture, found: Picture): string[] {
  return Object.keys(expected).flatMap((what) => {
    const [right, wrong] = [JSON.stringify(expected[what]), JSON.stringify(found[what])];
    return right === wrong ? [] : [`${what}: ${wrong} instead of ${right}`];
  });
}

/** The one order that the play is about, as its page shows it. */
export async function lookAtOrder({ sql }: Store, orderId: OrderId) {
  const { rows } = await sql.query<{ status: string; refunds: number; returns: number }>(
    `select status::text, (select count(*)::int from refund where order_id = o.id) as refunds,
       (select count(*)::int from "return" where order_id = o.id) as returns from "order" o where id = $1`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error(`There is no order ${orderId}`);
  return row;
}
