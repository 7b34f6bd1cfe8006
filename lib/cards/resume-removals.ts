import { Prisma } from "@/lib/db/generated/client";
import type { SavedCardId } from "@/lib/ids";
import { askAgain } from "@/lib/outbox/ask-again";

/** Asks again for cards to be forgotten at Stripe whose run gave up, as `askAgain` does; answers how many. */
export async function resumeRemovals(sweep: {
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
  limit?: number;
}): Promise<number> {
  const { isRunOver, now, limit = 100 } = sweep;
  return askAgain<"saved-card.remove", object>({
    name: "saved-card.remove",
    waiting: Prisma.sql`select id, updated_at as since from saved_card where state = 'removing'`,
    message: ({ id }) => ({ key: `saved-card:${id}:remove`, payload: { cardId: id as SavedCardId } }),
    isRunOver,
    now,
    limit,
  });
}
