import { db } from "@/lib/db/client";
import { recordDispute } from "@/lib/orders/record-dispute";
import { readDispute } from "@/lib/payments/read-dispute";
import { StaleAnswerError } from "./errors";
import type { EventHandler } from "./event-handler";

/** A cardholder contests a charge, or it was decided: the dispute is read anew. */
export const onDispute: EventHandler = async ({ objectId }, now) => {
  const before = await db().dispute.findUnique({ where: { stripeDisputeId: objectId } });
  const found = await readDispute(objectId);
  const payment = found?.paymentIntentId
    ? await db().payment.findUnique({ where: { paymentIntentId: found.paymentIntentId } })
    : null;
  return async (tx) => {
    if (!found || !payment) return "ignored";
    if (!(await recordDispute(tx, { payment, before, found, now }))) throw new StaleAnswerError("dispute");
    return "handled";
  };
};
