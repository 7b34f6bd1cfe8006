import type { Store } from "./store";

/** What the code behind a request needs to know about it. The hosted page and the clock make calls of their own. */
export type Call = {
  store: Store;
  /** Unix seconds of this Stripe's clock, as Stripe writes times. */
  now: number;
  /** The API request that caused this; null for what a shopper or the clock did. */
  requestId: string | null;
  idempotencyKey: string | null;
  /** Where shoppers reach the hosted pages, without a trailing slash. */
  publicUrl: string;
  /** Whether events go anywhere. */
  hasWebhook: boolean;
};
