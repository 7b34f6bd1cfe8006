import { Prisma } from "@/lib/db/generated/client";
import type { OrderId, RefundId } from "@/lib/ids";
import { askAgain } from "@/lib/outbox/ask-again";
import { orderRunTag } from "@/lib/runs/tags";

/**
 * Asks again for refunds that are not settled: whose run gave up, or which Stripe's bank works on and whose message may be
 * lost. As `askAgain` does, for as long as they are not; answers how many.
 */
export async function resumeRefunds(sweep: {
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
  limit?: number;
}): Promise<number> {
  const { isRunOver, now, limit = 100 } = sweep;
  return askAgain<"order.refund", { orderId: OrderId }>({
    name: "order.refund",
    waiting: Prisma.sql`
      select id, order_id as "orderId", created_at as since from refund where state in ('requested', 'pending')`,
    message: ({ id, orderId }) => ({
      key: `refund:${id}:send`,
      payload: { refundId: id as RefundId },
      tags: [orderRunTag(orderId)],
    }),
    isRunOver,
    now,
    limit,
  });
}
