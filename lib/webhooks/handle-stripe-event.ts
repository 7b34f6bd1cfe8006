import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { EventNotFoundError } from "./errors";
import { findEventHandler } from "./event-handlers";

/**
 * Applies a kept event: its effect and its mark are one transaction, so it is applied once, however often this runs.
 * `processed` is false for what was ignored: a type we do nothing with, or something that is not ours.
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

  const handler = findEventHandler(type);
  const effect =
    handler && objectId ? await handler({ type, objectId, object: objectOf(event.payload) }, now) : undefined;
  const outcome = await transaction(async (tx) => {
    // Marking it first makes a second run wait here, and then find it done.
    const claimed = await tx.stripeEvent.updateMany({
      where: { id: eventId, status: "received" },
      data: { status: "handled", handledAt: now },
    });
    if (claimed.count === 0) return (await tx.stripeEvent.findUniqueOrThrow({ where: { id: eventId } })).status;
    const done = effect ? await effect(tx) : "ignored";
    if (done === "ignored") await tx.stripeEvent.update({ where: { id: eventId }, data: { status: "ignored" } });
    return done;
  });
  log.info("stripe-event.handled", { eventId, type, outcome });
  return { processed: outcome === "handled", type };
}

/** The object inside the body of an event, as it was when the event happened. */
function objectOf(payload: unknown): unknown {
  return (payload as { data?: { object?: unknown } } | null)?.data?.object;
}
