import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { stalledSince, tryName } from "@/lib/outbox/stalled";

/** Asks again for events to be handled whose run gave up: once an hour each, for three days. */
export async function resumeEvents({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  const stalled = await db().stripeEvent.findMany({
    where: { status: "received", receivedAt: stalledSince(now) },
    orderBy: { receivedAt: "asc" },
    select: { id: true },
    take: limit,
  });
  for (const { id } of stalled) {
    const key = `stripe-event:${id}:${tryName(now)}`;
    await transaction((tx) => addToOutbox(tx, "stripe-event.received", { key, payload: { eventId: id } }));
  }
  return stalled.length;
}
