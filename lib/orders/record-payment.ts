import type { Tx } from "@/lib/db/transaction";
import { invariant, TemporaryError } from "@/lib/errors";
import type { OrderId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { PaymentAtStripe } from "@/lib/payments/read-payment";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";

/**
 * Notes that the shopper completed a payment page, and asks for the order to be processed: once, however often and in
 * whatever order Stripe tells it. A payment for an order that is already over is noted too; processing gives it back.
 * False where the page is not one of ours.
 */
export async function recordPayment(
  tx: Tx,
  { sessionId, payment, now }: { sessionId: string; payment: PaymentAtStripe; now: Date },
): Promise<boolean> {
  const known = await tx.payment.findUnique({ where: { sessionId } });
  if (!known) return false;
  if (payment.state === "unfinished")
    throw new TemporaryError({ vendor: "stripe", message: `${payment.paymentIntentId} is completed but not settled` });
  const orderId = known.orderId as OrderId;
  await lockOrder(tx, orderId);
  const noted = await tx.payment.updateMany({
    where: { id: known.id, paymentIntentId: null },
    data: { state: "authorized", paymentIntentId: payment.paymentIntentId, failureReason: null },
  });
  if (noted.count === 0) return true;
  const changed = await changeOrder(tx, {
    orderId,
    action: "authorize",
    data: { paymentStatus: "authorized" },
    actor: { kind: "shopper" },
    message: "The payment was authorised. The card is charged once the items are secured.",
    now,
  });
  invariant(changed, "an order without a payment is unpaid");
  await addToOutbox(tx, "order.process", {
    key: `order:${orderId}:process`,
    payload: { orderId },
    tags: [orderRunTag(orderId)],
  });
  return true;
}
