import { Prisma } from "@/lib/db/generated/client";
import { askAgain } from "@/lib/outbox/ask-again";

/**
 * Asks again for events that wait although their run is over, as `askAgain` does; answers how many. That run has handed
 * its event on: one that still waits behind others may be asked for twice, and is applied once.
 */
export async function resumeEvents(sweep: {
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
  limit?: number;
}): Promise<number> {
  const { isRunOver, now, limit = 100 } = sweep;
  return askAgain<"stripe-event.received", object>({
    name: "stripe-event.received",
    waiting: Prisma.sql`select id, received_at as since from stripe_event where status = 'received'`,
    message: ({ id }) => ({ key: `stripe-event:${id}`, payload: { eventId: id } }),
    isRunOver,
    now,
    limit,
  });
}
