import type { Store } from "../store";

/** What an account sets in Stripe's dashboard under Revenue recovery: when failed payments are tried again, and what then. */
export type RetryRules = {
  /** Days from one failed try to the next; after the last one the subscription gets what `afterwards` says. */
  retryAfterDays: number[];
  afterwards: "cancel" | "mark_unpaid" | "leave_past_due";
};

const key = "ofAccount";
const atFirst: RetryRules = { retryAfterDays: [3, 5, 7], afterwards: "cancel" };

/** The rules in force. Survive a restart. */
export function retryRules(store: Store): RetryRules {
  return store.retryRules.get(key) ?? atFirst;
}

/** Changes the rules; the caller commits. */
export function setRetryRules(store: Store, rules: Partial<RetryRules>): void {
  store.retryRules.put(key, { ...retryRules(store), ...rules });
}

/** When the payment of an invoice is tried again that was tried `attempts` times in vain; null where never. */
export function nextAttempt(store: Store, attempts: number, now: number): number | null {
  const days = retryRules(store).retryAfterDays[attempts - 1];
  return days === undefined ? null : now + days * 24 * 60 * 60;
}
