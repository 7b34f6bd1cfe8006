import type { OrderReview } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { addOrderEvent } from "./change-order";
import { lockOrder } from "./lock-order";
import { canPerform } from "./order-status";

/**
 * Lets an order wait, before it is packed, until staff have decided. Asked for by several at once it is one review, and
 * all hear of that one; null where there is nothing to pack (any more).
 */
export async function askForReview(asked: {
  orderId: OrderId;
  kind: OrderReview["kind"];
  /** A sentence for staff. */
  reason: string;
  now: Date;
}): Promise<OrderReview | null> {
  const { orderId, kind, reason, now } = asked;
  return transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const order = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
    if (!canPerform("fulfil", order)) return null;
    const made = await tx.orderReview.createMany({
      data: [{ id: newId("review"), orderId, kind, reason, createdAt: now }],
      skipDuplicates: true,
    });
    if (made.count === 1)
      await addOrderEvent(tx, { orderId, kind: "review", actor: { kind: "system" }, message: reason, now });
    return tx.orderReview.findFirstOrThrow({ where: { orderId, state: { not: "approved" } } });
  });
}

/**
 * Notes which token the run waits on that is to hear of the decision. False where it has been made meanwhile, so that
 * there is nothing to wait for.
 */
export async function noteReviewToken(review: { reviewId: string; tokenId: string }): Promise<boolean> {
  const { reviewId, tokenId } = review;
  return transaction(async (tx) => {
    const noted = await tx.orderReview.updateMany({ where: { id: reviewId, state: "waiting" }, data: { tokenId } });
    return noted.count === 1;
  });
}
