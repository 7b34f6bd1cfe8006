export type WebhookTarget = {
  url: string;
  /** `whsec_…`, which the receiver verifies signatures with. */
  secret: string;
  /** Waits between attempts; the last one repeats. */
  retryDelaysMs?: number[];
};

export type StripeOptions = {
  /** 0 takes a free port. */
  port: number;
  /** Folder for everything remembered. */
  stateDir: string;
  /** Must begin with `sk_test_local`, so that no real key is ever sent here by mistake. */
  secretKey: string;
  webhook?: WebhookTarget;
  /** Where browsers reach this server, if not at its own address. */
  publicUrl?: string;
};

/** Refuses settings this server must not run with, in words that say what to change. */
export function checkOptions(options: StripeOptions): void {
  if (process.env.NODE_ENV === "production") {
    throw new Error(
      "The local Stripe refuses to start with NODE_ENV=production: it takes no real money. Use Stripe there.",
    );
  }
  if (!options.secretKey.startsWith("sk_test_local")) {
    throw new Error(
      "The local Stripe takes keys that begin with sk_test_local only. Set STRIPE_SECRET_KEY to such a key.",
    );
  }
}
