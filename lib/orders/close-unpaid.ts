import type { Payment, Prisma } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { giveDiscountBack } from "@/lib/discounts/give-discount-back";
import { invariant } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { releaseReservation } from "@/lib/inventory/release-reservation";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";
import { lookAgainLater } from "./look-again-later";

type Closing = Pick<Parameters<typeof changeOrder>[1], "actor" | "message" | "now"> & {
  action: "expire" | "cancel";
  data: Prisma.OrderUncheckedUpdateManyInput;
  reason: string;
};

/**
 * Ends an order that was never paid and gives its stock and its discount back. `payment` is how it was when Stripe was asked to close its
 * page: if it has changed since (the shopper paid, or another page was begun), nothing happens and the answer is false.
 */
export async function closeUnpaid(
  tx: Tx,
  payment: Pick<Payment, "id" | "orderId" | "kind" | "sessionId">,
  { reason, ...change }: Closing,
): Promise<boolean> {
  const orderId = payment.orderId as OrderId;
  await lockOrder(tx, orderId);
  const closed = await tx.payment.updateMany({
    where: { id: payment.id, state: "created", sessionId: payment.sessionId },
    data: { state: "failed", failureReason: reason },
  });
  if (closed.count === 0) return false;
  const changed = await changeOrder(tx, { orderId, ...change });
  invariant(changed, "an order whose payment has just begun is pending and unpaid");
  await releaseReservation(tx, orderId);
  await giveDiscountBack(tx, orderId);
  if (payment.kind === "saved_card")
    await lookAgainLater(tx, { orderId, paymentId: payment.id as PaymentId, now: change.now });
  return true;
}
