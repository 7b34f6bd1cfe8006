import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { Payment } from "@/lib/db/generated/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { expireCheckoutSession } from "@/lib/payments/checkout-session";
import { closeUnpaid } from "./close-unpaid";
import { declinePayment } from "./decline-payment";
import { unknownPageEndsAt } from "./hold";
import { recordPayment } from "./record-payment";
import { stopCardPayment } from "./stop-card-payment";

/**
 * Ends an order whose time to pay is over. Stripe's page is closed first, so that Stripe decides between a payment in
 * the last second and the end: `paid` means the shopper was faster, and the order goes on. Where Stripe does not know
 * the page the order waits for a day. One that waits for a saved card to be charged ends as declined, unless the bank had
 * authorised it. May be repeated.
 */
export async function expireOrder({
  orderId,
  now,
}: {
  orderId: OrderId;
  now: Date;
}): Promise<"expired" | "paid" | "unchanged"> {
  const payment = await db().payment.findFirst({ where: { orderId, state: "created" } });
  if (!payment) return "unchanged";
  if (payment.kind === "saved_card") return expireCardPayment(payment, now);
  if (payment.sessionId) {
    const session = await expireCheckoutSession(payment.sessionId);
    if (!session && now < unknownPageEndsAt(payment.createdAt)) return "unchanged";
    if (session?.kind === "complete") {
      await transaction((tx) => recordPayment(tx, { ...session, now }));
      return "paid";
    }
  }
  await crashPoint("expire-order.page-closed");
  return (await transaction((tx) => expireUnpaid(tx, payment, now))) ? "expired" : "unchanged";
}

async function expireCardPayment(payment: Payment, now: Date): Promise<"expired" | "paid" | "unchanged"> {
  const stopped = await stopCardPayment(payment, now);
  await crashPoint("expire-order.card-stopped");
  if (stopped.kind !== "unpaid") return stopped.kind === "paid" ? "paid" : "unchanged";
  const { paymentIntentId } = stopped;
  const reason = "Your card could not be charged in time. You have not been charged.";
  const ended = await transaction(async (tx) => {
    if (!(await declinePayment(tx, { payment, paymentIntentId, reason, now }))) return false;
    await tx.cart.updateMany({ where: { orderId: payment.orderId }, data: { orderId: null } });
    return true;
  });
  return ended ? "expired" : "unchanged";
}

/**
 * The part in the database, for callers who know from Stripe that the page is closed. The cart is open again, so that
 * the shopper can order the same without collecting it anew.
 */
export async function expireUnpaid(
  tx: Tx,
  payment: Pick<Payment, "id" | "orderId" | "kind" | "sessionId">,
  now: Date,
): Promise<boolean> {
  const closed = await closeUnpaid(tx, payment, {
    action: "expire",
    data: { status: "expired" },
    reason: "The time to pay ran out.",
    actor: { kind: "system" },
    message: "The time to pay ran out. The items went back on sale and nothing was charged.",
    now,
  });
  if (closed) await tx.cart.updateMany({ where: { orderId: payment.orderId }, data: { orderId: null } });
  return closed;
}
