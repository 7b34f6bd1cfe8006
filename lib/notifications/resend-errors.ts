import type { ErrorResponse } from "resend";
import { TemporaryError } from "@/lib/errors";
import { findFailure, isFinal, retryAfterMs } from "@/lib/vendor-failures";
import { MailRefusedError } from "./errors";

/** How long the same mail is likely to be under way; Resend does not say. */
const inProgressMs = 1_000;

/**
 * Resend's errors in our words. Resend never throws: refusals, its own failures and lost connections (no status) all
 * come back as `error`. What each of them means stands in `lib/vendor-failures.ts`.
 */
export function translateResendError(error: ErrorResponse, headers: Record<string, string> | null): Error {
  const { name, statusCode, message } = error;
  const { kind, reaction } = findFailure("resend", { status: statusCode ?? undefined, code: name });
  if (kind === "misconfigured")
    return new Error(`Resend does not accept RESEND_API_KEY (${name}: ${message}). Set a key that may send mail.`);
  if (isFinal(reaction)) return new MailRefusedError(`${name}: ${message}`);
  return new TemporaryError({
    vendor: "resend",
    message: `Resend did not take the mail: ${message}`,
    pace: reaction,
    retryAfterMs: retryAfterMs(headers?.["retry-after"]) ?? (kind === "in-progress" ? inProgressMs : undefined),
  });
}
