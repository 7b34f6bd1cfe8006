import type { Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { beginPayment, type Paying } from "./begin-payment";
import { holdExpiresAt } from "./hold";

/**
 * A new payment in place of one that nobody can pay any more: its page is closed, or was never heard of. The stock is
 * held as long as the new one needs. Null where the old one has changed since it was read. Without `paying` it is paid
 * like the old one.
 */
export async function replacePayment(
  tx: Tx,
  {
    id,
    orderId,
    currency,
    sessionId,
    keepCard,
  }: Pick<Payment, "id" | "orderId" | "currency" | "sessionId" | "keepCard">,
  { amount, reason, paying, now }: { amount: number; reason: string; paying?: Paying; now: Date },
): Promise<Payment | null> {
  const ended = await tx.payment.updateMany({
    where: { id, kind: "page", state: "created", sessionId },
    data: { state: "failed", failureReason: reason },
  });
  if (ended.count === 0) return null;
  await tx.reservation.updateMany({
    where: { orderId, expiresAt: { not: null } },
    data: { expiresAt: holdExpiresAt(now) },
  });
  return beginPayment(tx, {
    orderId: orderId as OrderId,
    amount,
    currency,
    paying: paying ?? { kind: "page", keepCard },
    now,
  });
}
