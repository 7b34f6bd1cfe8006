import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId, type ReturnId } from "@/lib/ids";
import { actorLabel, addOrderEvent } from "./change-order";
import { OrderActionRefusedError, OrderNotFoundError, ReturnRefusedError } from "./errors";
import { lockOrder } from "./lock-order";
import { canPerform } from "./order-status";
import { type LinePieces, sumByLine } from "./plan-refund";
import { type ReturnableLine, readReturnable } from "./read-returnable";

/**
 * Staff note that goods of a sent order are to come back. Nothing moves yet: neither stock nor money. The order is locked,
 * so that no piece is announced twice.
 *
 * @throws NotAllowedError, OrderNotFoundError, OrderActionRefusedError (not sent), ReturnRefusedError
 */
export async function requestReturn(asked: {
  actor: Actor;
  orderId: OrderId;
  lines: readonly LinePieces[];
  reason: string;
  now: Date;
}): Promise<ReturnId> {
  const { actor, orderId, reason, now } = asked;
  requireStaff(actor);
  const returnId = newId("return");
  const lines = sumByLine(asked.lines);
  await transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const order = await tx.order.findUnique({ where: { id: orderId } });
    if (!order) throw new OrderNotFoundError();
    if (!canPerform("return", order)) throw new OrderActionRefusedError("return", order.status);
    const returnable = await readReturnable(tx, orderId);
    requireReturnable(returnable, lines);
    await tx.return.create({
      data: {
        id: returnId,
        orderId,
        reason,
        requestedBy: actorLabel(actor),
        createdAt: now,
        lines: { create: lines },
      },
    });
    const goods = lines.map(
      ({ orderLineId, quantity }) =>
        `${quantity} × ${returnable.find((line) => line.orderLineId === orderLineId)?.title}`,
    );
    await addOrderEvent(tx, {
      orderId,
      kind: "return",
      actor,
      message: `To come back: ${goods.join(", ")}. ${reason}`,
      now,
    });
    await tx.auditEntry.create({
      data: { id: newId("audit"), actorId: actor.userId, action: "return.request", subject: orderId, createdAt: now },
    });
  });
  return returnId;
}

function requireReturnable(returnable: readonly ReturnableLine[], lines: readonly LinePieces[]): void {
  if (lines.length === 0) throw new ReturnRefusedError("Say of at least one line how many pieces come back.");
  for (const { orderLineId, quantity } of lines) {
    const line = returnable.find((one) => one.orderLineId === orderLineId);
    if (!line) throw new ReturnRefusedError("One of the lines is not of this order.");
    if (quantity > line.pieces)
      throw new ReturnRefusedError(`Only ${line.pieces} of ${line.title} can still come back, not ${quantity}.`);
  }
}
