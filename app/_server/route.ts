import type { NextRequest } from "next/server";
import type { Actor } from "@/lib/accounts/actor";
import { DomainError, type RefusalKind, TemporaryError } from "@/lib/errors";
import { log } from "@/lib/log";
import { relayAfterResponse } from "./relay-after-response";
import { currentActor } from "./session";

const statusOf: Record<RefusalKind, number> = { invalid: 400, forbidden: 403, "not-found": 404, conflict: 409 };

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}

/** Bugs and Next's own signals are thrown on. */
function answerTo(error: unknown): Response {
  if (error instanceof DomainError) return refusal(statusOf[error.kind], error.code, error.publicMessage);
  if (!(error instanceof TemporaryError)) throw error;
  log.warn("route.temporary-failure", { vendor: error.vendor, reason: error.message });
  return refusal(503, "temporary", "A service that this needs does not answer just now. Try again in a minute.");
}

/**
 * Wraps a route handler: finds out who asks, and answers a refusal with its status and
 * `{ error: { code, message } }`.
 * Next's own signals and bugs pass through. Whatever was put into the outbox is sent after the response.
 */
export function route<Params>(
  work: (request: NextRequest, context: { params: Params; actor: Actor }) => Promise<Response>,
): (request: NextRequest, context: { params: Promise<Params> }) => Promise<Response> {
  return async (request, context) => {
    relayAfterResponse();
    try {
      return await work(request, { params: await context.params, actor: await currentActor() });
    } catch (error) {
      return answerTo(error);
    }
  };
}
