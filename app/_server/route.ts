import type { NextRequest } from "next/server";
import type { Actor } from "@/lib/accounts/actor";
import { answerToError } from "./answer-to-error";
import { relayAfterResponse } from "./relay-after-response";
import { currentActor } from "./session";

/**
 * Wraps a route handler: finds out who asks, and answers a refusal with its status and
 * `{ error: { code, message } }`.
 * Next's own signals and bugs pass through. Whatever was put into the outbox is sent after the response.
 */
export function route<Params>(
  work: (request: NextRequest, context: { params: Params; actor: Actor }) => Promise<Response>,
): (request: NextRequest, context: { params: Promise<Params> }) => Promise<Response> {
  return async (request, context) => {
    try {
      const given = { params: await context.params, actor: await currentActor() };
      return await relayAfterResponse(() => work(request, given));
    } catch (error) {
      return answerToError(error);
    }
  };
}
