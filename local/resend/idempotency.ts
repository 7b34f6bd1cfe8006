import { createHash } from "node:crypto";
import { ResendError } from "./errors";
import type { Mailbox, SavedAnswer } from "./store";

const keyMaxLength = 256;
const keptMs = 24 * 3600 * 1000;

/** What a key means for this request: answer again as before, or do it and save the answer. */
export type Claim = { replay: SavedAnswer } | { replay: undefined; requestHash: string; release: () => void };

/**
 * Keys hold for 24 hours. The same key with another request, or while the first is still being worked on,
 * is refused. Only accepted requests are saved, so a refused one may be corrected and sent under its key again.
 * https://resend.com/docs/dashboard/emails/idempotency-keys
 */
export function createIdempotency(mailbox: Mailbox) {
  const underWay = new Set<string>();
  return {
    claim(key: string, request: { path: string; body: string }, now: Date): Claim {
      if (key.length < 1 || key.length > keyMaxLength) {
        throw new ResendError("invalid_idempotency_key", "The key must be between 1-256 chars.");
      }
      if (underWay.has(key)) {
        throw new ResendError(
          "concurrent_idempotent_requests",
          "Same idempotency key used while original request is still in progress.",
        );
      }
      const requestHash = createHash("sha256").update(`${request.path}\n${request.body}`).digest("hex");
      const saved = mailbox.savedAnswer(key);
      if (saved && now.getTime() - Date.parse(saved.savedAt) < keptMs) {
        if (saved.requestHash === requestHash) return { replay: saved };
        throw new ResendError(
          "invalid_idempotent_request",
          "Same idempotency key used with a different request payload.",
        );
      }
      underWay.add(key);
      return { replay: undefined, requestHash, release: () => underWay.delete(key) };
    },
  };
}

export type Idempotency = ReturnType<typeof createIdempotency>;
