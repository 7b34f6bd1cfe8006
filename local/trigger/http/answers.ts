import type { Context } from "hono";
import { isUnreachable } from "../db/database";
import { Refusal } from "../engine/refusal";

/**
 * Errors as the clients expect them. They repeat 408, 409, 429 and 5xx unless told not to: a refusal stays a refusal,
 * a database that is away may be asked again.
 */
export function answerError(error: unknown, c: Context): Response {
  const refusal = refusalOf(error);
  if (refusal) {
    c.header("x-should-retry", "false");
    const body = {
      error: refusal.message,
      ...(refusal.code ? { code: refusal.code, param: "access_token", type: "authorization" } : {}),
    };
    return c.json(body, refusal.status);
  }
  if (isUnreachable(error)) {
    c.header("x-should-retry", "true");
    c.header("retry-after", "1");
    return c.json({ error: "The database can not be reached at the moment. Try again." }, 503);
  }
  // What went wrong is for the terminal: its text may hold statements and values.
  console.error("trigger-local: unexpected error", error);
  return c.json({ error: "Internal Server Error" }, 500);
}

/**
 * What the caller did wrong, if it was the caller. Some of it is found only when it is used: values that are well-formed
 * but that nobody can keep.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof URIError) return new Refusal(400, "The address is not well-formed: check its percent-encoding.");
  if (error instanceof RangeError && error.message.includes("call stack"))
    return new Refusal(400, "The request is nested too deeply.");
  const state = error instanceof Error && "code" in error ? String(error.code) : "";
  // Class 22: a NUL character, half a surrogate pair, a number or date out of range.
  if (/^22[0-9A-Z]{3}$/.test(state))
    return new Refusal(400, "The request holds a value that can not be stored: a NUL character, or out of range.");
  // 54000: longer than an index takes.
  if (state === "54000") return new Refusal(400, "The request holds a name or key that is too long.");
  return undefined;
}

/** An answer for what the real server has and this one does not. Never a pretended success. */
export function notImplemented(c: Context, what: string): Response {
  c.header("x-should-retry", "false");
  return c.json(
    { error: `The local Trigger.dev server does not have ${what}. See local/trigger/README.md for what it has.` },
    501,
  );
}
