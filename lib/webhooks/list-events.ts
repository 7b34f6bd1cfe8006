import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { StripeEvent } from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { findEventHandler } from "./event-handlers";
import { orderOfEvent } from "./event-order";

export type EventView = Pick<
  StripeEvent,
  "id" | "type" | "objectId" | "status" | "createdAt" | "receivedAt" | "handledAt"
> & {
  /** The store does something with events of this type. */
  isKnown: boolean;
  /** Where Stripe names the order that it is about. */
  orderId: OrderId | null;
  /** The run that it was given to when it came in. */
  runId: string | null;
};

/**
 * The events that Stripe sent, the last to come in first, unknown ones too. `after` is the last one of the page before;
 * `next` is null on the last page.
 *
 * @throws NotAllowedError
 */
export async function listEvents(asked: {
  actor: Actor;
  status?: StripeEvent["status"];
  /** Part of a type, or the whole id of an event or of an object. */
  search?: string;
  after?: string;
  limit?: number;
}): Promise<{ events: EventView[]; next: string | null }> {
  const { actor, status, after, limit = 50 } = asked;
  requireStaff(actor);
  const search = asked.search?.replaceAll("\0", "").trim();
  // A cursor that is no row would answer an empty page.
  const known = after ? await db().stripeEvent.findUnique({ where: { id: after }, select: { id: true } }) : null;
  const rows = await db().stripeEvent.findMany({
    where: {
      status,
      ...(search && {
        OR: [{ type: { contains: search.replace(/[\\%_]/g, "\\$&") } }, { objectId: search }, { id: search }],
      }),
    },
    ...(known && { cursor: known, skip: 1 }),
    orderBy: [{ receivedAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const runOf = await runsOf(page.map(({ id }) => id));
  const events = page.map(({ payload, ...event }) => ({
    ...event,
    isKnown: findEventHandler(event.type) !== undefined,
    orderId: orderOfEvent(payload),
    runId: runOf(event.id),
  }));
  return { events, next: rows.length > limit ? (events.at(-1)?.id ?? null) : null };
}

/** Which run each event was given to. */
async function runsOf(eventIds: readonly string[]): Promise<(id: string) => string | null> {
  const keyOf = (id: string) => `stripe-event:${id}`;
  const asked = await db().outboxMessage.findMany({
    where: { key: { in: eventIds.map(keyOf) } },
    select: { key: true, runId: true },
  });
  const byKey = new Map(asked.map(({ key, runId }) => [key, runId]));
  return (id) => byKey.get(keyOf(id)) ?? null;
}
