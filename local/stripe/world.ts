import type { Call } from "./call";
import { clockNow } from "./clock";
import type { Faults } from "./faults";
import type { StripeOptions } from "./settings";
import type { Store } from "./store";
import type { Deliverer } from "./webhooks/deliverer";

/** Everything the routes and pages of one running server share. */
export type World = {
  options: StripeOptions;
  store: Store;
  faults: Faults;
  deliverer: Deliverer;
  /** Where shoppers reach the hosted pages, without a trailing slash. */
  publicUrl: string;
  /** Aborts when the server closes. */
  closing: AbortSignal;
};

/** Starts a call: for an API request with its ids, for a shopper or the clock without. */
export function newCall(world: World, request?: { requestId: string; idempotencyKey: string | null }): Call {
  return {
    store: world.store,
    now: Math.floor(clockNow(world.store) / 1000),
    requestId: request?.requestId ?? null,
    idempotencyKey: request?.idempotencyKey ?? null,
    publicUrl: world.publicUrl,
    hasWebhook: world.options.webhook !== undefined,
  };
}

/** Runs something that changes state outside the API: all of it is kept, or nothing when it throws. */
export function change<Result>(world: World, run: (call: Call) => Result): Result {
  try {
    const result = run(newCall(world));
    world.store.commit();
    return result;
  } catch (error) {
    world.store.discard();
    throw error;
  } finally {
    world.deliverer.wake();
  }
}
