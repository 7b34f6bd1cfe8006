import { db } from "@/lib/db/client";
import { handleStripeEvent } from "./handle-stripe-event";
import type { AppliedEvents } from "./schema";

/**
 * Applies whatever waits about one of Stripe's objects, type by type in the order in which it happened, until nothing
 * does: of many events about an object the first run does the work and the others find it done. May be run at any
 * time, and again. Run one at a time per object, so that what is read last is also written last.
 *
 * @throws TemporaryError (run it again)
 */
export async function applyObjectEvents({ objectId, now }: { objectId: string; now: Date }): Promise<AppliedEvents> {
  const applied: AppliedEvents["applied"] = [];
  for (;;) {
    const event = await db().stripeEvent.findFirst({
      where: { objectId, status: "received" },
      orderBy: [{ createdAt: "asc" }, { receivedAt: "asc" }],
      select: { id: true },
    });
    if (!event) return { objectId, applied };
    applied.push(await handleStripeEvent({ eventId: event.id, now }));
  }
}
