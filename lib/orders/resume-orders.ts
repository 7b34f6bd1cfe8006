import { Prisma } from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { askAgain } from "@/lib/outbox/ask-again";
import { orderRunTag } from "@/lib/runs/tags";
import { waitingOrders } from "./waiting-orders";

/**
 * Asks again for the work on orders whose run gave up, such as when Stripe was away for longer than its tries: as
 * `askAgain` does, for as long as the order waits for the store itself. Safe, because the work may be run at any time and
 * again. Answers how many.
 */
export async function resumeOrders(sweep: {
  isRunOver: (runId: string) => Promise<boolean>;
  now: Date;
  limit?: number;
}): Promise<number> {
  const { isRunOver, now, limit = 100 } = sweep;
  const resume = (name: keyof typeof waitingOrders, step: string) =>
    askAgain<typeof name, object>({
      name,
      waiting: Prisma.sql`select id, updated_at as since from "order" where ${waitingOrders[name]}`,
      message: ({ id }) => {
        const orderId = id as OrderId;
        return { key: `order:${orderId}:${step}`, payload: { orderId }, tags: [orderRunTag(orderId)] };
      },
      isRunOver,
      now,
      limit,
    });
  return (await resume("order.process", "process")) + (await resume("order.fulfil", "fulfil"));
}
