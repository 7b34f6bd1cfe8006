import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { expireCheckoutSession } from "@/lib/payments/checkout-session";
import { closeUnpaid } from "./close-unpaid";
import { unknownPageEndsAt } from "./hold";
import { recordPayment } from "./record-payment";

/**
 * Ends an order whose time to pay is over. Stripe's page is closed first, so that Stripe decides between a payment in
 * the last second and the end: `paid` means the shopper was faster, and the order goes on. Where Stripe does not know
 * the page the order waits for a day. May be repeated.
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

/**
 * The part in the database, for callers who know from Stripe that the page is closed. The cart is open again, so that
 * the shopper can order the same without collecting it anew.
 */
export async function expireUnpaid(
  tx: Tx,
  payment: { id: string; orderId: string; sessionId: string | null },
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
