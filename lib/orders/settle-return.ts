import { type Actor, requireStaff, type StaffActor } from "@/lib/accounts/actor";
import type { ReturnLine, ReturnState } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { newId, type OrderId, type OrderLineId, type RefundId, type ReturnId, type VariantId } from "@/lib/ids";
import { restock } from "@/lib/inventory/restock";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { addOrderEvent } from "./change-order";
import { ReturnNotFoundError, ReturnRefusedError } from "./errors";
import { lockOrder } from "./lock-order";
import { planReturned } from "./plan-refund";
import { readRefundable } from "./read-refundable";
import { requestRefund } from "./request-refund";

/** What arrived of a line, and how much of that can be sold again. */
export type ReceivedLine = { orderLineId: OrderLineId; received: number; restocked: number };

type OpenReturn = {
  id: ReturnId;
  orderId: OrderId;
  lines: (ReturnLine & { orderLine: { variantId: string | null } })[];
};

/**
 * Staff say what arrived of a return: what can be sold again goes back on the shelf, and what arrived is refunded as far
 * as it has not been, all in one transaction. While a dispute has the money nothing is refunded. Of several callers one
 * does it, the others are refused.
 *
 * @throws NotAllowedError, ReturnNotFoundError, ReturnRefusedError (settled, or more than was announced)
 */
export async function receiveReturn(asked: {
  actor: Actor;
  returnId: ReturnId;
  lines: readonly ReceivedLine[];
  now: Date;
}): Promise<{ refundId: RefundId | null }> {
  const { actor, returnId, lines, now } = asked;
  requireStaff(actor);
  return transaction(async (tx) => {
    const open = await settle(tx, { actor, returnId, state: "received", now });
    requireAnnounced(open, lines);
    for (const { orderLineId, received, restocked } of lines)
      await tx.returnLine.update({
        where: { returnId_orderLineId: { returnId, orderLineId } },
        data: { receivedQuantity: received, restockedQuantity: restocked },
      });
    await restock(tx, { orderId: open.orderId, lines: lines.flatMap((line) => onTheShelf(open, line)) });
    const refundId = await refundReturned(tx, { open, lines, actor, now });
    if (refundId) await tx.return.update({ where: { id: returnId }, data: { refundId } });
    await addOrderEvent(tx, {
      orderId: open.orderId,
      kind: "return-received",
      actor,
      message: `What was sent back has arrived: ${sumOf(lines, "received")} pieces, ${sumOf(lines, "restocked")} of them as good as new.`,
      now,
    });
    await addToOutbox(tx, "order.notify", {
      key: `order:${open.orderId}:notify:return-received:${returnId}`,
      payload: { orderId: open.orderId, notice: "return-received", subject: returnId },
      tags: [orderRunTag(open.orderId)],
    });
    return { refundId };
  });
}

/**
 * Staff call a return off: nothing came, or it was not taken. Its pieces may be announced again.
 *
 * @throws NotAllowedError, ReturnNotFoundError, ReturnRefusedError (settled)
 */
export async function rejectReturn(asked: {
  actor: Actor;
  returnId: ReturnId;
  reason?: string;
  now: Date;
}): Promise<void> {
  const { actor, returnId, reason, now } = asked;
  requireStaff(actor);
  await transaction(async (tx) => {
    const { orderId } = await settle(tx, { actor, returnId, state: "rejected", now });
    const message = `The return was called off.${reason ? ` ${reason}` : ""}`;
    await addOrderEvent(tx, { orderId, kind: "return-rejected", actor, message, now });
  });
}

/** Takes the return out of those that are open, under the lock of its order. */
async function settle(
  tx: Tx,
  { actor, returnId, state, now }: { actor: StaffActor; returnId: ReturnId; state: ReturnState; now: Date },
): Promise<OpenReturn> {
  const found = await tx.return.findUnique({
    where: { id: returnId },
    include: { lines: { include: { orderLine: { select: { variantId: true } } } } },
  });
  if (!found) throw new ReturnNotFoundError();
  const orderId = found.orderId as OrderId;
  await lockOrder(tx, orderId);
  const settled = await tx.return.updateMany({
    where: { id: returnId, state: "requested" },
    data: { state, settledAt: now },
  });
  if (settled.count === 0) throw new ReturnRefusedError("This return is settled already.");
  const action = state === "received" ? "return.receive" : "return.reject";
  await tx.auditEntry.create({
    data: { id: newId("audit"), actorId: actor.userId, action, subject: orderId, createdAt: now },
  });
  return { id: returnId, orderId, lines: found.lines };
}

function requireAnnounced({ lines: announced }: OpenReturn, lines: readonly ReceivedLine[]): void {
  if (sumOf(lines, "received") === 0)
    throw new ReturnRefusedError("Nothing has arrived by this. Call the return off if nothing will.");
  if (new Set(lines.map(({ orderLineId }) => orderLineId)).size < lines.length)
    throw new ReturnRefusedError("One of the lines is named twice.");
  for (const { orderLineId, received, restocked } of lines) {
    const quantity = announced.find((line) => line.orderLineId === orderLineId)?.quantity ?? 0;
    if (received > quantity)
      throw new ReturnRefusedError(`Of one line ${quantity} pieces were to come back, and ${received} cannot arrive.`);
    if (restocked > received)
      throw new ReturnRefusedError("No more pieces can go back on the shelf than have arrived.");
  }
}

function onTheShelf({ lines }: OpenReturn, { orderLineId, restocked }: ReceivedLine) {
  const variantId = lines.find((line) => line.orderLineId === orderLineId)?.orderLine.variantId;
  return variantId ? [{ variantId: variantId as VariantId, quantity: restocked }] : [];
}

async function refundReturned(
  tx: Tx,
  received: { open: OpenReturn; lines: readonly ReceivedLine[]; actor: StaffActor; now: Date },
): Promise<RefundId | null> {
  const { open, lines, actor, now } = received;
  const { left, isDisputed } = await readRefundable(tx, open.orderId);
  const pieces = lines.map(({ orderLineId, received: quantity }) => ({ orderLineId, quantity }));
  const plan = planReturned(left, pieces);
  if (isDisputed || plan.amount.amount === 0) return null;
  return requestRefund(tx, { orderId: open.orderId, plan: () => plan, reason: "return", actor, now });
}

function sumOf(lines: readonly ReceivedLine[], what: "received" | "restocked"): number {
  return lines.reduce((sum, line) => sum + line[what], 0);
}
