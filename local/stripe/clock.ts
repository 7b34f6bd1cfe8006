import type { Store } from "./store";

const offsetKey = "clockOffsetMs";

/** The time of this Stripe in milliseconds: the machine's, moved by what a test asked for. Survives a restart. */
export function clockNow(store: Store): number {
  const offset = store.settings.get(offsetKey);
  return Date.now() + (typeof offset === "number" ? offset : 0);
}

/** Moves the clock; the caller commits and sweeps. */
export function advanceClock(store: Store, byMs: number): void {
  store.settings.put(offsetKey, clockNow(store) - Date.now() + byMs);
}
