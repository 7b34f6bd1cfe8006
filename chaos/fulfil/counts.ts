import Stripe from "stripe";
import { db } from "@/lib/db/client";

export type Counts = { orders: number; captures: number; shipments: number; liveLabels: number; mails: number };

type Label = { reference: string; voidedAt: string | null };
type Email = { to: string[] };

/** Counts at the vendors and in the database what must be there once for each session. */
export async function countEverything(sessions: number): Promise<{ counts: Counts; sentences: string[] }> {
  const sentences: string[] = [];
  const captures = await capturesByPayment();
  const labels = await list<Label>(process.env.CARRIER_URL, "labels");
  const emails = await list<Email>(process.env.RESEND_BASE_URL, "emails");
  const orders = await db().order.findMany({
    include: { payments: true, shipment: true, label: true, mails: true },
  });
  const live = new Set(labels.filter(({ voidedAt }) => voidedAt === null).map(({ reference }) => reference));
  const mailsTo = countBy(emails.flatMap(({ to }) => to));
  for (const { id, email, status, payments, shipment } of orders) {
    const [payment, ...more] = payments;
    const times = captures.get(payment?.paymentIntentId ?? "") ?? 0;
    const say = (what: string) => sentences.push(`Order ${id} ${what}.`);
    if (status !== "fulfilling") say(`is ${status}`);
    if (!payment || more.length > 0) say(`has ${payments.length} payments`);
    if (times !== 1) say(`was charged ${times} times at Stripe`);
    if (!shipment) say("has no shipment");
    else if (!live.has(shipment.id)) say("has a shipment without a live label at the carrier");
    if (mailsTo.get(email) !== 1) say(`was told ${mailsTo.get(email) ?? 0} times`);
  }
  const counts = {
    orders: orders.length,
    captures: [...captures.values()].reduce((sum, count) => sum + count, 0),
    shipments: await db().shipment.count(),
    liveLabels: live.size,
    mails: emails.length,
  };
  for (const [what, count] of Object.entries(counts))
    if (count !== sessions) sentences.push(`There are ${count} ${what} for ${sessions} sessions.`);
  return { counts, sentences };
}

/** How often Stripe says that it charged, by payment. */
async function capturesByPayment(): Promise<Map<string, number>> {
  const { hostname, port } = new URL(process.env.STRIPE_API_URL ?? "");
  const stripe = new Stripe(process.env.STRIPE_SECRET_KEY ?? "", {
    host: hostname,
    port,
    protocol: "http",
    telemetry: false,
  });
  const charged: string[] = [];
  for await (const { data } of stripe.events.list({ type: "charge.captured", limit: 100 }))
    charged.push(String((data.object as Stripe.Charge).payment_intent));
  return countBy(charged);
}

async function list<Item>(url: string | undefined, what: string): Promise<Item[]> {
  const answer = await fetch(`${url}/_local/${what}`);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Item[];
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
