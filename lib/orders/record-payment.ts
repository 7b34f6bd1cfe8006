import { keepCard } from "@/lib/cards/keep-card";
import type { Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { invariant, TemporaryError } from "@/lib/errors";
import type { OrderId, UserId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { CardAtStripe } from "@/lib/payments/read-card";
import type { PaymentAtStripe } from "@/lib/payments/read-payment";
import { orderRunTag } from "@/lib/runs/tags";
import { changeOrder } from "./change-order";
import { lockOrder } from "./lock-order";

const cardMessage = "The payment was authorised. The card is charged once the items are secured.";

/**
 * Notes that the shopper completed a payment page, keeps the card if that was wanted, and asks for the order to be
 * processed: once, however often and in whatever order Stripe tells it. A payment for an order that is already over is
 * noted too; processing gives it back. False where the page is not one of ours.
 */
export async function recordPayment(
  tx: Tx,
  completed: { sessionId: string; payment: PaymentAtStripe; card: CardAtStripe | null; now: Date },
): Promise<boolean> {
  const { sessionId, payment, card, now } = completed;
  const known = await tx.payment.findUnique({ where: { sessionId }, include: { order: { select: { userId: true } } } });
  if (!known) return false;
  if (payment.state === "unfinished")
    throw new TemporaryError({ vendor: "stripe", message: `${payment.paymentIntentId} is completed but not settled` });
  if (!(await noteAuthorized(tx, known, { paymentIntentId: payment.paymentIntentId, now }))) return true;
  const { userId } = known.order;
  if (known.keepCard && userId && card) await keepCard(tx, { userId: userId as UserId, card, now });
  await askToProcess(tx, known);
  return true;
}

/**
 * Notes that the bank authorised a saved card. False where the payment was over here before: then it is to be given back.
 * `isNoticed`: by somebody else than the run that sent it, so that another run is asked for.
 */
export async function recordCardPayment(
  tx: Tx,
  payment: Payment,
  { paymentIntentId, isNoticed, now }: { paymentIntentId: string; isNoticed: boolean; now: Date },
): Promise<boolean> {
  const noted = await noteAuthorized(tx, payment, { paymentIntentId, now });
  if (noted && isNoticed) await askToProcess(tx, payment);
  if (noted) return true;
  const current = await tx.payment.findUniqueOrThrow({ where: { id: payment.id } });
  return current.paymentIntentId === paymentIntentId && current.state !== "failed";
}

/** Of a page the shopper may have paid even though we had given it up; of a saved card we decide. */
async function noteAuthorized(
  tx: Tx,
  { id, orderId, kind }: Payment,
  { paymentIntentId, now }: { paymentIntentId: string; now: Date },
): Promise<boolean> {
  await lockOrder(tx, orderId as OrderId);
  const noted = await tx.payment.updateMany({
    where: { id, paymentIntentId: null, ...(kind === "saved_card" ? { state: "created" } : {}) },
    data: { state: "authorized", paymentIntentId, failureReason: null },
  });
  if (noted.count === 0) return false;
  const changed = await changeOrder(tx, {
    orderId: orderId as OrderId,
    action: "authorize",
    data: { paymentStatus: "authorized" },
    actor: { kind: kind === "page" ? "shopper" : "system" },
    message: cardMessage,
    now,
  });
  invariant(changed, "an order without a payment is unpaid");
  return true;
}

async function askToProcess(tx: Tx, { orderId }: Payment): Promise<void> {
  await addToOutbox(tx, "order.process", {
    key: `order:${orderId}:process`,
    payload: { orderId: orderId as OrderId },
    tags: [orderRunTag(orderId as OrderId)],
  });
}
