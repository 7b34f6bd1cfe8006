import { db } from "@/lib/db/client";
import { wakeReview } from "./wake-review";

const minuteMs = 60_000;
/** No run waits longer for a decision. */
const lookBackMs = 31 * 24 * 60 * minuteMs;

/**
 * Tells runs of decisions that they were never told of, because the process died after the decision or the platform was
 * away. Telling one twice changes nothing. Answers how many.
 */
export async function wakeReviews({ now, limit = 100 }: { now: Date; limit?: number }): Promise<number> {
  const untold = await db().orderReview.findMany({
    where: {
      state: { not: "waiting" },
      tokenId: { not: null },
      decidedAt: { gt: new Date(now.getTime() - lookBackMs), lt: new Date(now.getTime() - minuteMs) },
    },
    orderBy: { decidedAt: "asc" },
    take: limit,
  });
  let woken = 0;
  for (const review of untold) if (await wakeReview(review)) woken += 1;
  return woken;
}
