import type Stripe from "stripe";
import type { Call } from "../call";
import { aftermathOf } from "../cards";
import { idOf } from "../ids";
import type { Store } from "../store";
import { emitEvent } from "../webhooks/emit-event";
import { bookFailedRefund } from "./balance";

/** How long refunds take that do not end when they are made, by the clock of this Stripe. */
export const refundSettlesAfterSeconds = 10;

/** What becomes of the refunds of a charge: nothing further, unless its card is one of those. */
export function refundsOf(call: Pick<Call, "store">, charge: { payment_method: string | null }) {
  return aftermathOf(call.store.cardNumbers.get(charge.payment_method ?? "") ?? "").refunds;
}

/** The refunds whose time has come: pending ones to succeed, and ones of the failing card to fail. */
export function findDueRefunds(store: Store, now: number): Stripe.Refund[] {
  const isOf = (refund: Stripe.Refund, kind: "pending" | "failing") =>
    refundsOf({ store }, { payment_method: idOf(refund.payment_method) }) === kind;
  return store.refunds
    .values()
    .filter(({ created }) => created + refundSettlesAfterSeconds <= now)
    .filter(
      (refund) =>
        (refund.status === "pending" && isOf(refund, "pending")) ||
        (refund.status === "succeeded" && isOf(refund, "failing")),
    );
}

/** Ends a refund that was due. */
export function settleRefund(call: Call, refund: Stripe.Refund): void {
  if (refund.status === "pending") succeed(call, refund);
  else fail(call, refund);
}

function succeed(call: Call, { pending_reason: _, ...refund }: Stripe.Refund): void {
  const succeeded: Stripe.Refund = { ...refund, status: "succeeded" };
  call.store.refunds.put(refund.id, succeeded);
  tellUpdated(call, succeeded, { status: "pending", pending_reason: "processing" });
}

/** The bank could not take the money: it is back in the balance, and may be refunded again. */
function fail(call: Call, refund: Stripe.Refund): void {
  const failed: Stripe.Refund = {
    ...refund,
    failure_balance_transaction: bookFailedRefund(call, refund).id,
    failure_reason: "expired_or_canceled_card",
    status: "failed",
  };
  call.store.refunds.put(refund.id, failed);
  const charge = call.store.charges.get(idOf(refund.charge) ?? "");
  if (charge)
    call.store.charges.put(charge.id, {
      ...charge,
      amount_refunded: charge.amount_refunded - refund.amount,
      refunded: false,
    });
  tellUpdated(call, failed, { status: "succeeded" });
  emitEvent(call, { type: "refund.failed", object: failed });
}

/** Says what changed, under the name of today and under the one from when only charges had refunds. */
export function tellUpdated(call: Call, object: Stripe.Refund, previous: Partial<Stripe.Refund>): void {
  emitEvent(call, { type: "refund.updated", object, previous });
  emitEvent(call, { type: "charge.refund.updated", object, previous });
}
