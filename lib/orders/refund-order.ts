import { type Actor, requireStaff } from "@/lib/accounts/actor";
import type { RefundReason } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId, type RefundId } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { type LinePieces, planAmount, planPieces, planRest, type Refundable, type RefundPlan } from "./plan-refund";
import { requestRefund } from "./request-refund";

/** What staff want to give back: all that is left, an amount, or pieces of lines at what was paid for them. */
export type RefundWish =
  | { kind: "rest" }
  | { kind: "amount"; amount: Money }
  | { kind: "pieces"; pieces: readonly LinePieces[]; withShipping: boolean };

/**
 * Staff give money of a paid order back, in full or in part, as often as there is some left. Here it is promised; the
 * background sends it to Stripe, and the shopper is told when it is done.
 *
 * @throws NotAllowedError, OrderNotFoundError, OrderActionRefusedError (not paid), RefundRefusedError
 */
export async function refundOrder(asked: {
  actor: Actor;
  orderId: OrderId;
  wish: RefundWish;
  reason: RefundReason;
  note?: string;
  now: Date;
}): Promise<RefundId> {
  const { actor, orderId, wish, reason, note, now } = asked;
  requireStaff(actor);
  return transaction(async (tx) => {
    const refundId = await requestRefund(tx, {
      orderId,
      plan: (left) => planOf(wish, left),
      reason,
      note,
      actor,
      now,
    });
    await tx.auditEntry.create({
      data: { id: newId("audit"), actorId: actor.userId, action: "order.refund", subject: orderId, createdAt: now },
    });
    return refundId;
  });
}

function planOf(wish: RefundWish, left: Refundable): RefundPlan {
  switch (wish.kind) {
    case "rest":
      return planRest(left);
    case "amount":
      return planAmount(left, wish.amount);
    case "pieces":
      return planPieces(left, wish);
  }
}
