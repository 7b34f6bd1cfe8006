import { nextDueStep } from "./billing/due-billing";
import { expireSession } from "./checkout/expire-session";
import { idOf } from "./ids";
import { findDueRefunds, settleRefund } from "./payments/async-refunds";
import { markCancelled } from "./payments/cancel-payment";
import { authorisationSeconds } from "./payments/create-charge";
import { change, newCall, type World } from "./world";

/**
 * Does what is due by the clock: subscriptions renew, sessions expire, forgotten authorisations are released, refunds end,
 * booked money becomes available.
 */
export function sweep(world: World): void {
  sweepBilling(world);
  const { now, store } = newCall(world);
  const sessions = store.sessions.values().filter((session) => session.status === "open" && session.expires_at <= now);
  const intents = store.paymentIntents
    .values()
    .filter(
      (intent) =>
        intent.status === "requires_capture" &&
        authorisedAt(world, idOf(intent.latest_charge)) + authorisationSeconds <= now,
    );
  const transactions = store.balanceTransactions
    .values()
    .filter((transaction) => transaction.status === "pending" && transaction.available_on <= now);
  const refunds = findDueRefunds(store, now);
  if (sessions.length + intents.length + transactions.length + refunds.length === 0) return;
  change(world, (call) => {
    for (const session of sessions) expireSession(call, session);
    for (const intent of intents) markCancelled(call, intent, "automatic");
    for (const refund of refunds) settleRefund(call, refund);
    for (const transaction of transactions)
      store.balanceTransactions.put(transaction.id, { ...transaction, status: "available" });
  });
}

/** Step by step, each as if its time were now: a clock moved far goes through all that would have happened on its way. */
function sweepBilling(world: World): void {
  const { now, store } = newCall(world);
  for (let step = nextDueStep(store, now); step; step = nextDueStep(store, now)) {
    const { at, run } = step;
    change(world, (call) => run({ ...call, now: at }));
  }
}

function authorisedAt(world: World, chargeId: string | null): number {
  return world.store.charges.get(chargeId ?? "")?.created ?? Number.POSITIVE_INFINITY;
}
