import type { NextRequest } from "next/server";
import type { Actor } from "@/lib/accounts/actor";
import { DomainError, type RefusalKind } from "@/lib/errors";
import { relayAfterResponse } from "./relay-after-response";
import { currentActor } from "./session";

const statusOf: Record<RefusalKind, number> = { invalid: 400, forbidden: 403, "not-found": 404, conflict: 409 };

/**
 * Wraps a route handler: finds out who asks, and answers a refusal with its status and `{ error: { code, message } }`.
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
      if (!(error instanceof DomainError)) throw error;
      const { code, publicMessage } = error;
      return Response.json({ error: { code, message: publicMessage } }, { status: statusOf[error.kind] });
    }
  };
}
