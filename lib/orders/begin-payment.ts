import type { Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { newId, type OrderId, type PaymentId, type SavedCardId } from "@/lib/ids";
import { askToCharge } from "./ask-to-charge";

/** How an order is paid: on Stripe's page, where the card may be kept, or with a card that is kept. */
export type Paying = { kind: "page"; keepCard: boolean } | { kind: "saved_card"; savedCardId: SavedCardId };

/** Begins a payment of an order. A saved card needs nobody: the order is processed, which charges it. */
export async function beginPayment(
  tx: Tx,
  begun: { orderId: OrderId; amount: number; currency: string; paying: Paying; now: Date },
): Promise<Payment> {
  const { orderId, amount, currency, paying, now } = begun;
  const payment = await tx.payment.create({
    data: { id: newId("payment"), orderId, amount, currency, ...paying, createdAt: now },
  });
  if (paying.kind === "saved_card") await askToCharge(tx, { orderId, paymentId: payment.id as PaymentId });
  return payment;
}
