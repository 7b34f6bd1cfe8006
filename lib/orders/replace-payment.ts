import type { Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { holdExpiresAt } from "./hold";

/**
 * A new payment in place of one that nobody can pay any more: its page is closed, or was never heard of. The stock is
 * held as long as the new one needs. Null where the old one has changed since it was read.
 */
export async function replacePayment(
  tx: Tx,
  { id, orderId, currency, sessionId }: Pick<Payment, "id" | "orderId" | "currency" | "sessionId">,
  { amount, reason, now }: { amount: number; reason: string; now: Date },
): Promise<Payment | null> {
  const ended = await tx.payment.updateMany({
    where: { id, state: "created", sessionId },
    data: { state: "failed", failureReason: reason },
  });
  if (ended.count === 0) return null;
  await tx.reservation.updateMany({
    where: { orderId, expiresAt: { not: null } },
    data: { expiresAt: holdExpiresAt(now) },
  });
  return tx.payment.create({ data: { id: newId("payment"), orderId, amount, currency, createdAt: now } });
}
