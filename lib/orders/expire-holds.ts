import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { log } from "@/lib/log";
import { expireOrder } from "./expire-order";
import { holdsEndedBefore } from "./hold";
import { allowedOrders } from "./order-status";

/**
 * Ends every order whose time to pay is over, oldest first, each in its own transaction: one that cannot be ended now
 * stays for the next sweep and holds up no other.
 */
export async function expireHolds({ now, limit = 100 }: { now: Date; limit?: number }): Promise<{
  expired: number;
  paid: number;
  failed: number;
}> {
  const due = await db().payment.findMany({
    where: { state: "created", createdAt: { lte: holdsEndedBefore(now) }, order: allowedOrders("expire") },
    orderBy: { createdAt: "asc" },
    select: { orderId: true },
    take: limit,
  });
  const counts = { expired: 0, paid: 0, failed: 0 };
  for (const { orderId } of due) {
    try {
      const outcome = await expireOrder({ orderId: orderId as OrderId, now });
      if (outcome !== "unchanged") counts[outcome] += 1;
    } catch (error) {
      counts.failed += 1;
      log.warn("order.expire-failed", { orderId, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return counts;
}
