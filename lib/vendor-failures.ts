/** Who the store calls over the network; `download` is whoever has a file that somebody wants to import. */
export type Vendor = "stripe" | "resend" | "carrier" | "s3" | "download";

/** What is wrong with a call that failed. */
export type FailureKind =
  | "unreachable" // no answer: timed out, refused, or the connection was lost
  | "rate-limited"
  | "in-progress" // the same call, under the same key, is still being worked on
  | "failing" // the vendor's own fault
  | "declined"
  | "unauthenticated" // the bank wants the cardholder to confirm, who is not there
  | "expired"
  | "invalid"
  | "missing"
  | "misconfigured"; // a key or an account is wrong, so a person has to act

/** How long to wait before the next try. */
export type Pace =
  /** The first time at once, after that by the task's own backoff. */
  | "at-once"
  /** The first time exactly as long as the vendor said, after that at least as long. */
  | "as-told"
  /** By the task's own backoff. */
  | "back-off";

/**
 * What a task does after a failed call; `stop` is no other try, but to undo what was done or to tell a person. `ask` is
 * no other try either: the shopper can still do it, and is asked to.
 */
export type Reaction = Pace | "stop" | "ask";

/** True where another try would give the same answer. */
export function isFinal(reaction: Reaction): reaction is Exclude<Reaction, Pace> {
  return reaction === "stop" || reaction === "ask";
}

export type FailureRow = {
  /** `none`: there was no answer. */
  status: number | "none" | "4xx" | "5xx";
  /** The vendor's own name for it; any where there is none here. */
  code?: string;
  kind: FailureKind;
  reaction: Reaction;
};

/**
 * What each vendor's failures mean and what is done about them: the only place that decides it. The first row that
 * fits counts, so what is special stands before its class.
 *
 * https://docs.stripe.com/error-low-level · https://docs.stripe.com/declines/codes · https://resend.com/docs/api-reference/errors ·
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const vendorFailures: Readonly<Record<Vendor, readonly FailureRow[]>> = {
  stripe: [
    { status: "none", kind: "unreachable", reaction: "at-once" },
    { status: 429, kind: "rate-limited", reaction: "as-told" },
    { status: 409, kind: "in-progress", reaction: "as-told" },
    { status: "5xx", kind: "failing", reaction: "back-off" },
    { status: 402, code: "authentication_required", kind: "unauthenticated", reaction: "ask" },
    { status: 402, code: "expired_card", kind: "expired", reaction: "ask" },
    { status: 402, kind: "declined", reaction: "stop" },
    { status: 401, kind: "misconfigured", reaction: "stop" },
    { status: 403, kind: "misconfigured", reaction: "stop" },
    { status: 404, kind: "missing", reaction: "stop" },
    { status: "4xx", kind: "invalid", reaction: "stop" },
  ],
  resend: [
    { status: "none", kind: "unreachable", reaction: "at-once" },
    { status: 429, kind: "rate-limited", reaction: "as-told" },
    { status: 409, code: "concurrent_idempotent_requests", kind: "in-progress", reaction: "as-told" },
    { status: "5xx", kind: "failing", reaction: "back-off" },
    // A mail that is not sent within its half day is lost, so tries go on while a person puts the key right.
    { status: 401, kind: "misconfigured", reaction: "back-off" },
    { status: 403, code: "invalid_api_key", kind: "misconfigured", reaction: "back-off" },
    { status: 404, kind: "missing", reaction: "stop" },
    { status: "4xx", kind: "invalid", reaction: "stop" },
  ],
  carrier: [
    { status: "none", kind: "unreachable", reaction: "at-once" },
    { status: 429, kind: "rate-limited", reaction: "as-told" },
    { status: "5xx", kind: "failing", reaction: "back-off" },
    { status: 422, code: "invalid_address", kind: "declined", reaction: "stop" },
    { status: 401, kind: "misconfigured", reaction: "stop" },
    { status: 404, kind: "missing", reaction: "stop" },
    { status: "4xx", kind: "invalid", reaction: "stop" },
  ],
  s3: [
    { status: "none", kind: "unreachable", reaction: "at-once" },
    { status: 503, code: "SlowDown", kind: "rate-limited", reaction: "as-told" },
    { status: 429, kind: "rate-limited", reaction: "as-told" },
    { status: "5xx", kind: "failing", reaction: "back-off" },
    { status: 404, code: "NoSuchBucket", kind: "misconfigured", reaction: "back-off" },
    { status: 403, kind: "misconfigured", reaction: "back-off" },
    { status: 404, kind: "missing", reaction: "stop" },
    { status: "4xx", kind: "invalid", reaction: "stop" },
  ],
  download: [
    { status: "none", kind: "unreachable", reaction: "at-once" },
    { status: 429, kind: "rate-limited", reaction: "as-told" },
    { status: 503, kind: "failing", reaction: "as-told" },
    { status: "5xx", kind: "failing", reaction: "back-off" },
    { status: 404, kind: "missing", reaction: "stop" },
    { status: 410, kind: "missing", reaction: "stop" },
    { status: "4xx", kind: "invalid", reaction: "stop" },
  ],
};

/** The row for an answer; what no row knows is taken for a fault of the vendor's. */
export function findFailure(vendor: Vendor, answer: { status: number | undefined; code?: string }): FailureRow {
  const row = vendorFailures[vendor].find(
    ({ status, code }) => isOf(status, answer.status) && (code === undefined || code === answer.code),
  );
  return row ?? { status: "5xx", kind: "failing", reaction: "back-off" };
}

function isOf(status: FailureRow["status"], answered: number | undefined): boolean {
  if (status === "none") return answered === undefined;
  if (typeof status === "number") return status === answered;
  return answered !== undefined && Math.floor(answered / 100) === Number(status[0]);
}

/** What `retry-after` asks for, where a vendor gave it in seconds. */
export function retryAfterMs(header: string | null | undefined): number | undefined {
  if (header === null || header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Long enough for what was cut to be gone, short enough that nobody who waits notices. */
const atOnceMs = 100;

/** How long to wait after try number `attempt` (from 1), where the task's own backoff would be `backoffMs`. */
export function retryDelayMs(failed: {
  pace: Pace;
  /** What the vendor asked for, where it said. */
  toldMs: number | undefined;
  attempt: number;
  backoffMs: number;
}): number {
  const { pace, toldMs, attempt, backoffMs } = failed;
  switch (pace) {
    case "at-once":
      return attempt === 1 ? Math.min(atOnceMs, backoffMs) : backoffMs;
    case "as-told":
      if (toldMs === undefined) return backoffMs;
      return attempt === 1 ? toldMs : Math.max(toldMs, backoffMs);
    case "back-off":
      return backoffMs;
  }
}
