import { db } from "@/lib/db/client";
import type { Order, Payment } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { type Raised, raiseFinding } from "@/lib/findings/raise-finding";
import type { OrderId, PaymentId } from "@/lib/ids";
import { format, isSame, type Money, money } from "@/lib/money/money";
import { givePaymentBack } from "@/lib/orders/give-payment-back";
import { canPerform } from "@/lib/orders/order-status";
import { recordCardPayment, recordPayment } from "@/lib/orders/record-payment";
import { readCheckoutSession } from "@/lib/payments/checkout-session";
import { readPayment } from "@/lib/payments/read-payment";
import type { ListedPayment } from "@/lib/payments/stripe-lists";
import type { Compared } from "./compared";
import { eachOf } from "./each-of";

type Row = Payment & { order: Order };
/** Stripe has the shopper's money, or holds it. */
type Moved = ListedPayment & { state: "authorized" | "captured" };

/**
 * Compares payments as Stripe lists them with ours. One that nobody told us of is noted, so that its order goes on; money
 * still held for an order that is over is given back. What was charged and must not have been is for a person.
 */
export async function comparePayments(payments: readonly ListedPayment[], now: Date): Promise<Compared> {
  const moved = payments.filter((found): found is Moved => found.state === "authorized" || found.state === "captured");
  // Read after Stripe was: a row here is never behind the list.
  const rows = await db().payment.findMany({
    where: {
      OR: [
        { paymentIntentId: { in: moved.map(({ paymentIntentId }) => paymentIntentId) } },
        { id: { in: moved.flatMap(({ paymentId }) => paymentId ?? []) } },
      ],
    },
    include: { order: true },
  });
  const byIntent = new Map(rows.map((row) => [row.paymentIntentId, row]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return eachOf(moved, async (found) => {
    const known = byIntent.get(found.paymentIntentId);
    if (known) return lookAtKnown(known, found, now);
    const named = found.paymentId ? byId.get(found.paymentId) : undefined;
    if (named) return named.kind === "saved_card" ? lookAtCard(named, found, now) : lookAtPage(named, found, now);
    // An account may take other money too: only what says that it is an order's is missed here.
    if (!found.orderId) return "same";
    return raise(unknown(found, await db().order.findUnique({ where: { id: found.orderId } })), now);
  });
}

async function lookAtKnown(row: Row, found: Moved, now: Date): Promise<keyof Compared | "same"> {
  if (found.state === "captured") {
    if (isOver(row)) return raise(afterEnd(row, found), now);
    return isSame(found.amount, amountOf(row)) ? "same" : raise(mismatch(row, found), now);
  }
  if (row.state === "authorized") return "same"; // its order waits to be processed
  // The list may be older than the row.
  const { state } = await readPayment(found.paymentIntentId);
  if (state !== "authorized") return "same";
  return isOver(row) ? giveBack(row, found, now) : raise(notCharged(row, found), now);
}

/** Its page was completed, and the message about it was lost; or the order had ended before. */
async function lookAtPage(row: Row, found: Moved, now: Date): Promise<keyof Compared | "same"> {
  const session = row.sessionId && !row.paymentIntentId ? await readCheckoutSession(row.sessionId) : null;
  if (session?.kind !== "complete" || session.payment.paymentIntentId !== found.paymentIntentId)
    return raise(unknown(found, row.order), now);
  if (canPerform("authorize", row.order)) {
    await transaction((tx) => recordPayment(tx, { ...session, now }));
    return "repaired";
  }
  // The order has another payment: this one is held besides.
  if (session.payment.state === "captured") return raise(afterEnd(row, found), now);
  return session.payment.state === "authorized" ? giveBack(row, found, now) : "same";
}

/**
 * The bank said yes, and whoever asked it has not noted that yet: it does so in a moment, or died. Or the order ended
 * while the bank was asked.
 */
async function lookAtCard(row: Row, found: Moved, now: Date): Promise<keyof Compared | "same"> {
  const { paymentIntentId } = found;
  if (row.state === "created") {
    const change = { paymentIntentId, isNoticed: true, now };
    if (await transaction((tx) => recordCardPayment(tx, row, change))) return "repaired";
  }
  // It may have ended since it was read.
  const current = await db().payment.findUniqueOrThrow({ where: { id: row.id }, include: { order: true } });
  if (!isOver(current)) return raise(unknown(found, row.order), now);
  const { state } = await readPayment(paymentIntentId);
  if (state === "captured") return raise(afterEnd(current, found), now);
  if (state !== "authorized") return "same";
  const outcome = await giveBack(current, found, now);
  // From now on it is known here.
  await db().payment.updateMany({ where: { id: row.id, paymentIntentId: null }, data: { paymentIntentId } });
  return outcome;
}

function isOver({ state }: Payment): boolean {
  return state === "voided" || state === "failed";
}

async function giveBack(row: Row, { paymentIntentId }: Moved, now: Date): Promise<"repaired" | "same"> {
  const payment = { id: row.id as PaymentId, paymentIntentId };
  return (await givePaymentBack({ orderId: row.orderId as OrderId, payment, now })) === "voided" ? "repaired" : "same";
}

async function raise(finding: Raised, now: Date): Promise<"raised" | "same"> {
  return (await raiseFinding(finding, now)) ? "raised" : "same";
}

function unknown(found: Moved, order: Order | null): Raised {
  const what = found.state === "captured" ? "has charged" : "holds";
  return {
    kind: "payment-unknown",
    subject: found.paymentIntentId,
    orderId: order ? (order.id as OrderId) : null,
    message: `Stripe ${what} ${format(found.amount)} with ${found.paymentIntentId} for ${order ? `order #${order.number}` : `order ${found.orderId}, which is not here`}, and no payment here is the one. Look at it in Stripe's dashboard, and give it back there if nothing was sold for it.`,
  };
}

function afterEnd({ order, state }: Row, found: Moved): Raised {
  return {
    kind: "payment-after-end",
    subject: found.paymentIntentId,
    orderId: order.id as OrderId,
    message: `Stripe has charged ${format(found.amount)} with ${found.paymentIntentId}, and this payment of order #${order.number} had ended here (${state}). Give it back in Stripe's dashboard, or serve the order anew.`,
  };
}

function mismatch(row: Row, found: Moved): Raised {
  return {
    kind: "payment-mismatch",
    subject: found.paymentIntentId,
    orderId: row.orderId as OrderId,
    message: `Stripe has charged ${format(found.amount)} with ${found.paymentIntentId}, and order #${row.order.number} costs ${format(amountOf(row))}. Settle the difference with the shopper.`,
  };
}

function notCharged(row: Row, found: Moved): Raised {
  return {
    kind: "payment-not-charged",
    subject: found.paymentIntentId,
    orderId: row.orderId as OrderId,
    message: `Order #${row.order.number} counts as charged here, and Stripe only holds ${format(found.amount)} with ${found.paymentIntentId}. Capture it in Stripe's dashboard before it lapses.`,
  };
}

function amountOf({ amount, currency }: Payment): Money {
  return money(amount, currency);
}
