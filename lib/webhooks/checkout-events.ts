import { expireUnpaid } from "@/lib/orders/expire-order";
import { recordPayment } from "@/lib/orders/record-payment";
import { readCheckoutSession } from "@/lib/payments/checkout-session";
import type { EventHandler } from "./event-handler";

/** The shopper completed Stripe's page: the order is processed. */
export const onCheckoutCompleted: EventHandler = async ({ objectId }, now) => {
  const session = await readCheckoutSession(objectId);
  return async (tx) => {
    if (session?.kind !== "complete") return "ignored";
    return (await recordPayment(tx, { ...session, now })) ? "handled" : "ignored";
  };
};

/** Stripe's page ran out of time without a payment: the order ends and its stock goes back on sale. */
export const onCheckoutExpired: EventHandler = async ({ objectId }, now) => {
  const session = await readCheckoutSession(objectId);
  return async (tx) => {
    const payment = await tx.payment.findUnique({ where: { sessionId: objectId } });
    if (session?.kind !== "expired" || !payment) return "ignored";
    await expireUnpaid(tx, payment, now);
    return "handled";
  };
};
