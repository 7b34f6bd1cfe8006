import { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { newId, type OrderId } from "@/lib/ids";
import { batchTriggerOrders } from "@/lib/orders/batch-trigger-orders";
import type { Random } from "../random";
import { type Answer, call } from "./call";
import { grace, staffEdges, strangers } from "./edges";
import { nonsenseText } from "./nonsense";
import { chance, pick } from "./pick";
import type { StaffOrder } from "./staff-orders";
import type { Tally } from "./tally";
import type { Tampered, Targets } from "./tampered";

const what = "batchTriggerOrders";
/** Orders at a time. */
const most = 500;

/** The form of a list of orders: a ticked box for each. */
const formOf = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [`order.${id}`, "on"]));
const unknown = (count: number) => Array.from({ length: count }, () => newId("order") as string);
/** As a program calls it, which may name an order twice. */
const callIt = (actor: Actor, orderIds: readonly string[]) =>
  call(z.unknown(), undefined, () =>
    batchTriggerOrders({ actor, orderIds: orderIds as readonly OrderId[], now: new Date() }),
  );

/** What nothing may come of: nobody may, nothing to do, no such order, too many. */
export function badBatch(random: Random, { account, staffOrders }: Targets): Tampered {
  const known = staffOrders.map(({ orderId }) => orderId);
  const idle = staffOrders.filter((order) => whyIdle(order) !== null).map(({ orderId }) => orderId);
  const malformed = [`${pick(random, known)}x`, newId("payment"), nonsenseText(random), "", "*"];
  return pick<() => Tampered>(random, [
    () => {
      const actor = pick<Actor>(random, [...strangers, account.actor]);
      const isForm = chance(random, 50);
      const send = () => (isForm ? staffEdges.batchTriggerOrders(actor, formOf(known)) : callIt(actor, known));
      return { what, send, must: { code: "not-allowed" } };
    },
    () => {
      const input = pick<object>(random, [{}, formOf(malformed), { orderIds: known }, formOf(known.map(swapped))]);
      return { what, send: () => staffEdges.batchTriggerOrders(grace, input), must: { code: "invalid-input" } };
    },
    () => {
      const ids = [...known, ...unknown(random.between(most + 1, most + 100) - known.length)];
      return { what, send: () => staffEdges.batchTriggerOrders(grace, formOf(ids)), must: { code: "invalid-input" } };
    },
    () => {
      const ids = [...idle, ...unknown(chance(random, 10) ? most - idle.length : random.between(0, 9)), newId("order")];
      const chosen = ids.slice(0, most);
      const send = () => staffEdges.batchTriggerOrders(grace, { ...formOf([...malformed, ...chosen]), price: "1" });
      return { what, send: async () => onlyLeft(await send(), chosen), must: "same" };
    },
    () => {
      const ids = [...idle, ...unknown(3)];
      return { what, send: async () => onlyLeft(await callIt(grace, [...ids, ...ids, ...ids]), ids), must: "same" };
    },
  ])();
}

/** Staff have orders worked on once more; some twice in one breath. What is asked for, and of what nothing can come. */
export async function processAgain(random: Random, orders: readonly StaffOrder[], tally: Tally): Promise<void> {
  const chosen = orders.filter(() => chance(random, 60));
  const [first] = chosen;
  if (!first) return;
  const stranger = newId("order");
  const before = await countAgain();
  const answer = await callIt(grace, [...chosen.map(({ orderId }) => orderId), stranger, first.orderId]);
  if (!tally.expect(what, answer, true) || answer.kind !== "accepted") return;
  const expected = chosen.map((order) => [order.orderId, whyIdle(order)] as const);
  const isAsked = expected.flatMap(([orderId, why]) => (why === null ? [orderId] : []));
  const left = [...expected.filter(([, why]) => why !== null), [stranger, "There is no such order."] as const];
  const found = answer.value;
  if (sorted(found.asked.map(({ orderId }) => orderId)) !== sorted(isAsked))
    tally.wrong(`Asked again for ${JSON.stringify(found.asked)}, and should be for ${isAsked}.`);
  if (sorted(found.left.map(({ orderId, why }) => `${orderId} ${why}`)) !== sorted(left.map((pair) => pair.join(" "))))
    tally.wrong(`Left were ${JSON.stringify(found.left)}, and should be ${JSON.stringify(left)}.`);
  const after = await countAgain();
  for (const name of ["events", "entries"] as const)
    if (after[name] - before[name] !== isAsked.length)
      tally.wrong(`${after[name] - before[name]} ${name} tell of ${isAsked.length} orders that were asked for again.`);
}

/** Why the store has nothing to do for the order; null where it has. By what was done with it, not by its rows. */
function whyIdle({ state, isGivenBack }: StaffOrder): string | null {
  if (isGivenBack || state === "confirmed") return null;
  if (state === "unpaid") return "It is not paid yet, and the shopper may still pay.";
  return state === "packed" ? "It is packed, and waits to be handed over." : "It is finished.";
}

async function countAgain() {
  const [events, entries] = await Promise.all([
    db().orderEvent.count({ where: { kind: "process-again" } }),
    db().auditEntry.count({ where: { action: "order.process-again" } }),
  ]);
  return { events, entries };
}

type Triggered = Awaited<ReturnType<typeof batchTriggerOrders>>;

/** The answer, where it says of each of these once that it was left. */
function onlyLeft(answer: Answer<Triggered>, ids: readonly string[]): Answer<unknown> {
  if (answer.kind !== "accepted") return answer;
  const { asked, left } = answer.value;
  if (asked.length === 0 && sorted(left.map(({ orderId }) => orderId)) === sorted(ids)) return answer;
  return {
    kind: "broken",
    error: new Error(`Of ${ids.length} orders ${asked.length} were asked for, ${left.length} left`),
  };
}

const sorted = (texts: readonly string[]) => [...texts].sort().join();
const swapped = (id: string) => id.toUpperCase();
