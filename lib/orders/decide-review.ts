import { type Actor, requireStaff, type StaffActor } from "@/lib/accounts/actor";
import type { OrderReview } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { newId, type OrderId, type ReviewId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { addOrderEvent } from "./change-order";
import { OrderNotFoundError, ReviewDecidedError } from "./errors";
import { lockOrder } from "./lock-order";
import { canPerform } from "./order-status";
import type { ShippingAddress } from "./schema";
import { wakeReview } from "./wake-review";

type Decision = { orderId: OrderId; reviewId: ReviewId; now: Date };
type Correction = Omit<ShippingAddress, "country">;
/** `wasRefused`: the run that waited has ended. */
type Decided = Pick<OrderReview, "id" | "tokenId"> & { wasRefused: boolean };

/**
 * Staff let an order be packed that waited for them, or was refused before. `correction` is where the parcel goes
 * instead, in the same country, because tax and shipping were charged for that one. Of several who decide one is heard.
 *
 * @throws NotAllowedError, OrderNotFoundError, ReviewDecidedError (somebody was faster, or the order is over)
 */
export async function approveReview(asked: Decision & { actor: Actor; correction?: Correction }): Promise<void> {
  const { actor, orderId, correction, now } = asked;
  requireStaff(actor);
  const review = await decide({ ...asked, actor }, ["waiting", "refused"], "approved", async (tx, decided) => {
    const order = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
    const { country } = order.shipTo as ShippingAddress; // written by placeOrder and here only
    await tx.order.update({
      where: { id: orderId },
      // From now on it waits for the store, not for a person.
      data: { updatedAt: now, ...(correction && { shipTo: { ...correction, country } }) },
    });
    if (!decided.tokenId || decided.wasRefused) await askForWork(tx, { orderId, reviewId: asked.reviewId });
    return correction ? "The address was corrected and the order goes on." : "Somebody looked at it, and it goes on.";
  });
  if (await wakeReview(review)) return;
  await transaction((tx) => askForWork(tx, asked));
}

/**
 * Staff say that an order is not to be packed. It stays as it is, confirmed and paid, until somebody approves it after
 * all or cancels it.
 *
 * @throws NotAllowedError, OrderNotFoundError, ReviewDecidedError
 */
export async function refuseReview(asked: Decision & { actor: Actor; reason: string }): Promise<void> {
  const { actor, reason } = asked;
  requireStaff(actor);
  const review = await decide({ ...asked, actor, note: reason }, ["waiting"], "refused", async () => reason);
  await wakeReview(review);
}

async function decide(
  decision: Decision & { actor: StaffActor; note?: string },
  from: OrderReview["state"][],
  state: "approved" | "refused",
  effect: (tx: Tx, decided: Decided) => Promise<string>,
): Promise<Decided> {
  const { actor, orderId, reviewId, note, now } = decision;
  return transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const order = await tx.order.findUnique({ where: { id: orderId } });
    const before = await tx.orderReview.findUnique({ where: { id: reviewId, orderId } });
    if (!order || !before) throw new OrderNotFoundError();
    // Answered as it is now: a run may have noted its token since.
    const [review] = await tx.orderReview.updateManyAndReturn({
      where: { id: reviewId, state: { in: from } },
      data: { state, note, decidedBy: actor.userId, decidedAt: now },
    });
    if (!review || !canPerform("fulfil", order)) throw new ReviewDecidedError();
    const decided = { id: review.id, tokenId: review.tokenId, wasRefused: before.state === "refused" };
    const message = await effect(tx, decided);
    const kind = state === "approved" ? "approve" : "refuse-packing";
    await addOrderEvent(tx, { orderId, kind, actor, message, now });
    await tx.auditEntry.create({
      data: { id: newId("audit"), actorId: actor.userId, action: `order.${kind}`, subject: orderId, createdAt: now },
    });
    return decided;
  });
}

function askForWork(tx: Tx, { orderId, reviewId }: { orderId: OrderId; reviewId: string }): Promise<void> {
  return addToOutbox(tx, "order.fulfil", {
    key: `order:${orderId}:fulfil:${reviewId}`,
    payload: { orderId },
    tags: [orderRunTag(orderId)],
  });
}
