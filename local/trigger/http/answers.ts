import type { Context } from "hono";
import { isUnreachable } from "../db/database";
import { Refusal } from "../engine/refusal";

/**
 * Errors as the clients expect them. They repeat 408, 409, 429 and 5xx unless told not to: a refusal stays a refusal,
 * a database that is away may be asked again.
 */
export function answerError(error: unknown, c: Context): Response {
  if (error instanceof Refusal) {
    c.header("x-should-retry", "false");
    const body = {
      error: error.message,
      ...(error.code ? { code: error.code, param: "access_token", type: "authorization" } : {}),
    };
    return c.json(body, error.status);
  }
  if (isUnstorable(error)) {
    c.header("x-should-retry", "false");
    return c.json({ error: "The request contains a null byte or half a character, which can not be stored." }, 400);
  }
  if (isUnreachable(error)) {
    c.header("x-should-retry", "true");
    c.header("retry-after", "1");
    return c.json({ error: "The database can not be reached at the moment. Try again." }, 503);
  }
  console.error("trigger-local: unexpected error", error);
  return c.json({ error: `Internal error: ${error instanceof Error ? error.message : String(error)}` }, 500);
}

/** An answer for what the real server has and this one does not. Never a pretended success. */
export function notImplemented(c: Context, what: string): Response {
  c.header("x-should-retry", "false");
  return c.json(
    { error: `The local Trigger.dev server does not have ${what}. See local/trigger/README.md for what it has.` },
    501,
  );
}

/** Whether Postgres refused a text for what is in it: a null byte, or half a character. */
export function isUnstorable(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && ["22021", "22P05"].includes(String(error.code))
  );
}
