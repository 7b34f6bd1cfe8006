import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { EventNotFoundError } from "./errors";
import type { EventOutcome } from "./event-handler";
import { findEventHandler } from "./event-handlers";

/**
 * Applies a kept event, and with it all others of its type about the same object that wait: the object is read once,
 * as it is now, so one effect does for all of them. Effect and marks are one transaction, so each event is applied
 * once, however often and by how many this is run. `processed` is false for what was ignored: a type we do nothing
 * with, or something that is not ours.
 *
 * @throws EventNotFoundError, TemporaryError (run it again)
 */
export async function handleStripeEvent({ eventId, now }: { eventId: string; now: Date }): Promise<{
  processed: boolean;
  type: string;
}> {
  const event = await db().stripeEvent.findUnique({ where: { id: eventId } });
  if (!event) throw new EventNotFoundError(eventId);
  const { type, objectId } = event;
  if (event.status !== "received") return { processed: event.status === "handled", type };

  const together = objectId ? await waitingLike(type, objectId) : [];
  const newest = together.at(-1) ?? event;
  const handler = findEventHandler(type);
  const effect =
    handler && objectId ? await handler({ type, objectId, object: objectOf(newest.payload) }, now) : undefined;
  const ids = [...new Set([eventId, ...together.map(({ id }) => id)])];
  const { outcome, count } = await transaction(async (tx) => {
    const claimed = await claim(tx, ids, now);
    if (claimed.length === 0) return { outcome: await statusOf(tx, eventId), count: 0 };
    const done: EventOutcome = effect ? await effect(tx) : "ignored";
    if (done === "ignored")
      await tx.stripeEvent.updateMany({ where: { id: { in: claimed } }, data: { status: "ignored" } });
    return { outcome: await statusOf(tx, eventId), count: claimed.length };
  });
  log.info("stripe-event.handled", { eventId, type, outcome, count });
  return { processed: outcome === "handled", type };
}

/** Events of one type about one object that wait, the oldest first. */
function waitingLike(type: string, objectId: string) {
  return db().stripeEvent.findMany({
    where: { type, objectId, status: "received" },
    orderBy: [{ createdAt: "asc" }, { receivedAt: "asc" }],
  });
}

/** Marking them first makes another run wait here, and then find them done. */
async function claim(tx: Tx, ids: readonly string[], now: Date): Promise<string[]> {
  const claimed = await tx.stripeEvent.updateManyAndReturn({
    where: { id: { in: [...ids] }, status: "received" },
    data: { status: "handled", handledAt: now },
    select: { id: true },
  });
  return claimed.map(({ id }) => id);
}

async function statusOf(tx: Tx, id: string) {
  return (await tx.stripeEvent.findUniqueOrThrow({ where: { id } })).status;
}

/** The object inside the body of an event, as it was when the event happened. */
function objectOf(payload: unknown): unknown {
  return (payload as { data?: { object?: unknown } } | null)?.data?.object;
}
