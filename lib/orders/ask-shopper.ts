import type { Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { orderRunTag } from "@/lib/runs/tags";
import { beginPayment } from "./begin-payment";
import { changeOrder } from "./change-order";
import { holdExpiresAt } from "./hold";
import { lockOrder } from "./lock-order";
import { lookAgainLater } from "./look-again-later";

/**
 * The saved card cannot be charged without its holder: in its place begins a payment on Stripe's page, for which the items
 * are held as long as for any other, and the shopper is asked to come and pay. False where the payment had moved on.
 */
export async function askShopper(
  tx: Tx,
  asked: { payment: Payment; paymentIntentId: string | null; reason: string; now: Date },
): Promise<boolean> {
  const { payment, paymentIntentId, reason, now } = asked;
  const { amount, currency } = payment;
  const orderId = payment.orderId as OrderId;
  await lockOrder(tx, orderId);
  const ended = await tx.payment.updateMany({
    where: { id: payment.id, kind: "saved_card", state: "created" },
    data: { state: "failed", failureReason: reason, paymentIntentId },
  });
  if (ended.count === 0) return false;
  await beginPayment(tx, { orderId, amount, currency, paying: { kind: "page", keepCard: false }, now });
  await tx.reservation.updateMany({ where: { orderId }, data: { expiresAt: holdExpiresAt(now) } });
  const changed = await changeOrder(tx, {
    orderId,
    action: "askShopper",
    data: { updatedAt: now },
    actor: { kind: "system" },
    message: reason,
    now,
  });
  invariant(changed, "an order whose payment has just begun is pending and unpaid");
  await addToOutbox(tx, "order.notify", {
    key: `order:${orderId}:notify:payment-needed:${payment.id}`,
    payload: { orderId, notice: "payment-needed", subject: payment.id },
    tags: [orderRunTag(orderId)],
  });
  if (!paymentIntentId) await lookAgainLater(tx, { orderId, paymentId: payment.id as PaymentId, now });
  return true;
}
