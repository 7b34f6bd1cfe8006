import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { wakeReview } from "./wake-review";

const closedBy = "system";

/**
 * Closes what waits for a decision about an order that was cancelled, and lets the run end that waits for it. May be
 * repeated: after a crash the run is told again.
 */
export async function closeReview({ orderId, now }: { orderId: OrderId; now: Date }): Promise<void> {
  await db().orderReview.updateMany({
    where: { orderId, state: "waiting" },
    data: { state: "refused", decidedBy: closedBy, decidedAt: now, note: "The order was cancelled." },
  });
  const closed = await db().orderReview.findMany({ where: { orderId, decidedBy: closedBy } });
  for (const review of closed) await wakeReview(review);
}
