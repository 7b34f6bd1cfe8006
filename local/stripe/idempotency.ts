import { createHash } from "node:crypto";
import type { SavedAnswer, Store } from "./store";
import { ApiError, invalidRequest } from "./wire";

/** Keys may be pruned once they are at least 24 hours old (https://docs.stripe.com/api/idempotent_requests). */
const keptMs = 24 * 60 * 60 * 1000;

export type Idempotency = ReturnType<typeof trackIdempotency>;

/** Stripe's rules for Idempotency-Key: first answer saved and replayed, other parameters refused, concurrent use refused. */
export function trackIdempotency(store: Store) {
  const running = new Set<string>();
  return {
    /**
     * Takes the key for one request, or gives the answer saved under it.
     *
     * @throws ApiError 400 for other parameters under the same key, 409 while a request with it is running
     */
    claim(key: string, fingerprint: string, nowMs: number): SavedAnswer | null {
      if (key.length > 255) throw invalidRequest("Idempotency keys can be at most 255 characters long.");
      if (running.has(key)) throw keyInUse(key);
      const saved = store.savedAnswers.get(key);
      if (saved && nowMs - saved.savedAt < keptMs) {
        if (saved.fingerprint !== fingerprint) throw otherParameters(key);
        return saved;
      }
      running.add(key);
      return null;
    },
    save: (answer: SavedAnswer) => store.savedAnswers.put(answer.key, answer),
    release: (key: string) => {
      running.delete(key);
    },
  };
}

/** Drops the answers whose keys have run out. The caller commits. */
export function pruneSavedAnswers(store: Store, nowMs: number): void {
  for (const saved of store.savedAnswers.values()) {
    if (nowMs - saved.savedAt >= keptMs) store.savedAnswers.delete(saved.key);
  }
}

/** What makes two requests the same: method, path and parameters, in any order. */
export function fingerprintOf(method: string, path: string, form: string): string {
  const params = [...new URLSearchParams(form)].map((pair) => JSON.stringify(pair)).sort();
  return createHash("sha256")
    .update([method, path, ...params].join("\n"))
    .digest("hex");
}

export function keyInUse(key: string): ApiError {
  return new ApiError(409, {
    type: "idempotency_error",
    code: "idempotency_key_in_use",
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  });
}

function otherParameters(key: string): ApiError {
  return new ApiError(400, {
    type: "idempotency_error",
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}
