import type { Told } from "./shopper";

/** What was found, by what it means; each a sentence. */
export type Findings = Record<"lost" | "double captures" | "double mails" | "violations", string[]>;

export type OrderRow = {
  id: string;
  status: string;
  payment_status: string;
  /** The state of the latest question to staff. */
  review: string | null;
  label: string | null;
};
export type Intent = { id: string; status: string; metadata: { orderId?: string } };
export type Charge = { id: string; captured: boolean; payment_intent: string };
export type Mail = { id: string; to: string[]; subject: string };
export type MailRow = { id: string; kind: string; recipient: string; provider_id: string | null };
export type Label = { reference: string; voidedAt: string | null };

/** What shoppers were told, what the store says, and what its vendors have. */
export type Evidence = {
  told: readonly Told[];
  orders: readonly OrderRow[];
  intents: readonly Intent[];
  charges: readonly Charge[];
  mails: readonly Mail[];
  sentMails: readonly MailRow[];
  labels: readonly Label[];
};

/** What only a person or a parcel can move on. */
const finalStates = new Set(["fulfilling", "shipped", "delivered", "cancelled", "expired"]);
const packedStates = new Set(["fulfilling", "shipped", "delivered"]);

/** Compares the evidence, by rules of its own: nothing here asks the store's code. */
export function judge(evidence: Evidence): Findings {
  const findings: Findings = { lost: [], "double captures": [], "double mails": [], violations: [] };
  const byId = new Map(evidence.orders.map((order) => [order.id, order]));
  for (const told of evidence.told) judgeTold(told, byId.get(told.orderId), findings);
  for (const order of evidence.orders) judgeEnd(order, findings);
  judgeCaptures(evidence, findings);
  judgeMails(evidence, findings);
  judgeLabels(evidence, findings);
  return findings;
}

function judgeTold({ orderId, plan, hasPaid, hasCancelled }: Told, order: OrderRow | undefined, { lost }: Findings) {
  const who = `the order ${orderId} of shopper ${plan.n} (${plan.course})`;
  if (!order) return void lost.push(`${who} does not exist`);
  const { status, payment_status: payment } = order;
  // One that is over was given back; whether it was, the audit compares with Stripe.
  const isSettled = payment === "paid" || payment === "failed" || status === "cancelled";
  if (hasPaid && !isSettled) lost.push(`${who} was paid and is ${status} and ${payment}`);
  if (hasCancelled && status !== "cancelled") lost.push(`${who} was cancelled and is ${status}`);
}

function judgeEnd({ id, status, payment_status: payment, review }: OrderRow, { lost }: Findings): void {
  const waitsForStaff = status === "confirmed" && (review === "waiting" || review === "refused");
  if (!finalStates.has(status) && !waitsForStaff) lost.push(`the order ${id} is still ${status} and ${payment}`);
  else if (payment === "authorized") lost.push(`the order ${id} is ${status}, and its money is still held`);
}

function judgeCaptures({ intents, charges, told }: Evidence, findings: Findings): void {
  const taken = intents.filter(({ status }) => status === "succeeded");
  for (const [orderId, same] of groupedBy(taken, ({ metadata }) => metadata.orderId ?? "(none)"))
    if (same.length > 1) findings["double captures"].push(`${orderId} was charged by ${idsOf(same)}`);
  const captured = charges.filter((charge) => charge.captured);
  for (const [intent, same] of groupedBy(captured, (charge) => charge.payment_intent))
    if (same.length > 1) findings["double captures"].push(`${intent} was captured by ${idsOf(same)}`);
  const known = new Set(told.map(({ orderId }) => orderId));
  for (const { id, metadata } of taken)
    if (!known.has(metadata.orderId ?? "")) findings.violations.push(`${id} charged an order nobody was told of`);
}

/** Each mail that the store says it sent arrived once, and no other did. Each shopper has an address of their own. */
function judgeMails({ mails, sentMails }: Evidence, findings: Findings): void {
  const arrived = groupedBy(mails, ({ to }) => to.join(", "));
  const meant = groupedBy(sentMails, ({ recipient }) => recipient);
  for (const recipient of new Set([...arrived.keys(), ...meant.keys()])) {
    const [there, here] = [arrived.get(recipient) ?? [], meant.get(recipient) ?? []];
    const subjects = there.map(({ subject }) => subject).join("; ") || "nothing";
    const kinds = here.map(({ kind }) => kind).join(", ") || "nothing";
    if (there.length > here.length) findings["double mails"].push(`${recipient} got ${subjects}, for ${kinds}`);
    if (there.length < here.length) findings.violations.push(`${recipient} was sent ${kinds}, and got ${subjects}`);
  }
  const noted = sentMails.filter(({ provider_id }) => provider_id !== null);
  for (const [id, same] of groupedBy(noted, ({ provider_id }) => provider_id ?? ""))
    if (same.length > 1) findings.violations.push(`the mail ${id} stands for ${idsOf(same)}`);
}

/** What is packed has one label that counts, and nothing else has. */
function judgeLabels({ orders, labels }: Evidence, { violations }: Findings): void {
  const live = new Set(labels.filter(({ voidedAt }) => voidedAt === null).map(({ reference }) => reference));
  for (const { id, status, label } of orders) {
    const hasLabel = label !== null && live.delete(label);
    if (packedStates.has(status) && !hasLabel) violations.push(`the order ${id} is ${status} without a label`);
    if (!packedStates.has(status) && hasLabel) violations.push(`the order ${id} is ${status}, and its label counts`);
  }
  for (const reference of live) violations.push(`the label ${reference} is of no order`);
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function idsOf(items: readonly { id: string }[]): string {
  return items.map(({ id }) => id).join(", ");
}
