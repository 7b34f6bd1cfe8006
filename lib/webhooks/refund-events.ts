import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { recordRefunds } from "@/lib/orders/record-refunds";
import { findRefundedPayment, listRefunds } from "@/lib/payments/read-refunds";
import type { EventHandler } from "./event-handler";

/** A refund was made, moved or failed, whoever asked for it: all refunds of its payment are read anew. */
export const onRefund: EventHandler = async ({ objectId }, now) => {
  const paymentIntentId = await findRefundedPayment(objectId);
  const payment = paymentIntentId ? await db().payment.findUnique({ where: { paymentIntentId } }) : null;
  if (!paymentIntentId || !payment) return async () => "ignored";
  const refunds = await listRefunds(paymentIntentId);
  return async (tx) => {
    // Read again: it may have been charged and confirmed meanwhile.
    const { state } = await tx.payment.findUniqueOrThrow({ where: { id: payment.id } });
    if (refunds.length === 0) return "ignored";
    if (state === "authorized")
      throw new TemporaryError({ vendor: "stripe", message: `${paymentIntentId} is not confirmed here yet` });
    if (state !== "captured") return "ignored";
    await recordRefunds(tx, { payment, refunds, now });
    return "handled";
  };
};
