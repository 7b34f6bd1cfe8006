import type { Pace } from "./vendor-failures";

/** What a refusal is to the caller: decides the HTTP status at the edge. */
export type RefusalKind = "invalid" | "not-found" | "forbidden" | "conflict";

/**
 * A refusal the caller can only report: not found, not allowed any more, out of stock.
 *
 * `code` is stable and safe to switch on, `publicMessage` is safe to show to a shopper, `message` is for logs.
 * Each domain has its own small subclasses in its `errors.ts`.
 */
export class DomainError extends Error {
  readonly code: string;
  readonly kind: RefusalKind;
  readonly publicMessage: string;

  constructor(options: { code: string; kind: RefusalKind; publicMessage: string; message?: string; cause?: unknown }) {
    super(options.message ?? options.publicMessage, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.kind = options.kind;
    this.publicMessage = options.publicMessage;
  }
}

/**
 * A vendor or the network failed in a way that may pass: the edge of background work tries it again, after as long as
 * `pace` says. `retryAfterMs` is what the vendor asked for, where it said.
 */
export class TemporaryError extends Error {
  readonly vendor: string;
  readonly pace: Pace;
  readonly retryAfterMs: number | undefined;

  constructor(options: { vendor: string; message: string; pace?: Pace; retryAfterMs?: number; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = "TemporaryError";
    this.vendor = options.vendor;
    this.pace = options.pace ?? "back-off";
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** States what cannot be otherwise. Throws when it is, which is a bug in our code and never a refusal. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Error(`Invariant violated: ${why}`);
}
