import type { OrderId } from "@/lib/ids";
import type { Store } from "./store";
import type { World } from "./world";

type Mail = { to: string[]; subject: string };
type LabelAtCarrier = { voidedAt: string | null };

/** How everything stands at the end of a play, in words that two plays of one scenario share. */
export type Picture = Record<string, unknown>;

/** Timeline rows that a crash may leave beside those of a play without one. */
const marginal = ["authorize-unclear", "capture-unclear", "cancel-unclear", "refund-unclear"];

/** What is read of the store's tables: a text for each row, in an order that does not depend on when it came to be. */
const tables = {
  orders: `concat_ws(' ', status, payment_status, refund_status, total_amount, refunded_amount) from "order"`,
  timeline: `kind || ' by ' || actor from order_event where kind <> all('{${marginal}}')`,
  payments: "concat_ws(' ', kind, state, amount) from payment where state <> 'failed' or kind = 'saved_card'",
  savedCards: "concat_ws(' ', brand, last4, state, case when is_default then 'default' end) from saved_card",
  refunds: "concat_ws(' ', state, amount, reason) from refund",
  returns: `state::text from "return"`,
  disputes: "concat_ws(' ', status, amount) from dispute",
  reviews: "concat_ws(' ', kind, state) from order_review",
  shipments: "status::text from shipment",
  stock: "concat_ws(' ', on_hand, reserved) from stock_item",
  staffActions: "action from audit_entry",
  numbers: `number::text from "order"`,
};

/** Looks at the store from outside: its tables, Stripe's ledger, the inbox, the carrier's labels. */
export async function takePicture({ sql, stripe }: Store, world: World): Promise<Picture> {
  const columns = Object.entries(tables).map(([name, rows]) => `array(select ${rows} order by 1) as "${name}"`);
  const read = await sql.query<Record<keyof typeof tables, string[]>>(`select ${columns.join(", ")}`);
  const { numbers = [], ...rows } = read.rows[0] ?? {};
  const { data: intents } = await stripe.paymentIntents.list({ limit: 100 });
  const { data: refunds } = await stripe.refunds.list({ limit: 100 });
  const { data: customers } = await stripe.customers.list({ limit: 100 });
  const cards = await Promise.all(customers.map(({ id }) => stripe.paymentMethods.list({ customer: id })));
  const mails = await world.read<Mail[]>("resend", "/emails");
  const labels = await world.read<LabelAtCarrier[]>("carrier", "/labels");
  const withoutNumber = (text: string) => numbers.reduce((words, number) => words.replaceAll(number, "N"), text);
  return {
    ...rows,
    mails: mails.map(({ to, subject }) => `${withoutNumber(subject)} to ${to}`).sort(),
    labels: { live: labels.filter(({ voidedAt }) => voidedAt === null).length, bought: labels.length },
    charges: intents.map(({ status, amount_received }) => `${status} ${amount_received}`).sort(),
    customersAtStripe: cards.map(({ data }) => data.map(({ card }) => `${card?.brand} ${card?.last4}`).join()),
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
