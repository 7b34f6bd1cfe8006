import type { Dispute, Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { type DisputeId, newId, type OrderId } from "@/lib/ids";
import { format } from "@/lib/money/money";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { StaffNotice } from "@/lib/outbox/messages";
import type { DisputeAtStripe } from "@/lib/payments/read-dispute";
import { addOrderEvent } from "./change-order";
import { lockOrder } from "./lock-order";

/** The row as it was before Stripe was asked; null where there was none. */
export type DisputeVersion = Pick<Dispute, "id" | "blocksRefunds" | "closedAt" | "updatedAt"> | null;

type Heard = { payment: Payment; before: DisputeVersion; found: DisputeAtStripe; now: Date };

/**
 * Writes down how a dispute stands at Stripe, with its lines of the timeline and the mails to staff: one when it opens and
 * one when it closes. False where the row is not any more as it was `before` Stripe was asked: the answer may be the older
 * one, so ask again.
 */
export async function recordDispute(tx: Tx, heard: Heard): Promise<boolean> {
  const { payment, before, found, now } = heard;
  const orderId = payment.orderId as OrderId;
  await lockOrder(tx, orderId);
  const disputeId = await write(tx, heard);
  if (!disputeId) return false;

  const tell = async (kind: string, message: string, notice?: StaffNotice) => {
    await addOrderEvent(tx, { orderId, kind, actor: { kind: "system" }, message, now });
    if (!notice) return;
    await addToOutbox(tx, "order.notify", {
      key: `order:${orderId}:notify:${notice}:${disputeId}`,
      payload: { orderId, notice, subject: disputeId },
      // No tag of the order: shoppers watch all runs that bear it.
    });
  };
  if (!before) await tell("dispute", openedSentence(found), "dispute-opened");
  else if (!found.isClosed && found.blocksRefunds && !before.blocksRefunds)
    await tell("dispute", openedSentence(found));
  if (found.isClosed && !before?.closedAt) await tell("dispute-closed", closedSentence(found), "dispute-closed");
  return true;
}

async function write(tx: Tx, { payment, before, found, now }: Heard): Promise<DisputeId | null> {
  const data = {
    status: found.status,
    reason: found.reason,
    amount: found.amount.amount,
    currency: found.amount.currency,
    amountWithdrawn: found.amountWithdrawn,
    blocksRefunds: found.blocksRefunds,
    evidenceDueAt: found.evidenceDueAt,
    closedAt: found.isClosed ? (before?.closedAt ?? now) : null,
  };
  if (before) {
    const { id, updatedAt } = before;
    const written = await tx.dispute.updateMany({ where: { id, updatedAt }, data });
    return written.count === 1 ? (id as DisputeId) : null;
  }
  const { stripeDisputeId, openedAt } = found;
  const id = newId("dispute");
  const rest = { id, orderId: payment.orderId, paymentId: payment.id, stripeDisputeId, openedAt };
  const written = await tx.dispute.createMany({ data: [{ ...rest, ...data }], skipDuplicates: true });
  return written.count === 1 ? id : null;
}

function openedSentence({ amount, reason, amountWithdrawn }: DisputeAtStripe): string {
  const what = `The cardholder contests ${format(amount)} (${reason.replaceAll("_", " ")}).`;
  return amountWithdrawn > 0
    ? `${what} Stripe has taken the money until it is decided.`
    : `${what} No money is taken yet.`;
}

function closedSentence({ status, amount }: DisputeAtStripe): string {
  if (status === "won") return `The dispute was won: ${format(amount)} is back.`;
  if (status === "lost") return `The dispute was lost: ${format(amount)} is gone.`;
  return "The cardholder's question was closed without a dispute.";
}
