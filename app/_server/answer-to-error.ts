import { DomainError, type RefusalKind, TemporaryError } from "@/lib/errors";
import { log } from "@/lib/log";

const statusOf: Record<RefusalKind, number> = { invalid: 400, forbidden: 403, "not-found": 404, conflict: 409 };

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}

/** What a route answers where its work threw. Bugs and Next's own signals are thrown on. */
export function answerToError(error: unknown): Response {
  if (error instanceof DomainError) return refusal(statusOf[error.kind], error.code, error.publicMessage);
  if (!(error instanceof TemporaryError)) throw error;
  log.warn("route.temporary-failure", { vendor: error.vendor, reason: error.message });
  return refusal(503, "temporary", "A service that this needs does not answer just now. Try again in a minute.");
}
