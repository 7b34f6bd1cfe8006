import { Prisma } from "@/lib/db/generated/client";
import { askAgain } from "@/lib/outbox/ask-again";

/** Asks again for events to be handled whose run gave up, as `askAgain` does; answers how many. */
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
