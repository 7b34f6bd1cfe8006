import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { DomainError, TemporaryError } from "@/lib/errors";
import { log } from "@/lib/log";
import { relayAfterResponse } from "./relay-after-response";
import { currentActor } from "./session";

/**
 * What an action answers. A refusal says what to show: one sentence for the whole form and one for each field that is
 * wrong. `values` are the texts as they were typed, for a form that is drawn again.
 */
export type ActionResult<Value> =
  | { ok: true; value: Value }
  | {
      ok: false;
      code: string;
      message: string;
      fieldErrors: Record<string, string>;
      values: Record<string, string>;
    };

type Failure = Extract<ActionResult<never>, { ok: false }>;

type Action<Input, Value> = {
  (input: Input | FormData): Promise<ActionResult<Value>>;
  /** The shape `useActionState` calls. */
  (previous: ActionResult<Value> | null, form: FormData): Promise<ActionResult<Value>>;
};

function fieldsOf(form: FormData): Record<string, FormDataEntryValue> {
  return Object.fromEntries([...form].filter(([name]) => !name.startsWith("$ACTION")));
}

/** What was typed, without what must not travel back. */
function typed(input: unknown): Record<string, string> {
  if (typeof input !== "object" || input === null) return {};
  const texts = Object.entries(input).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !/password|token/i.test(entry[0]),
  );
  return Object.fromEntries(texts);
}

function invalid(error: z.ZodError, input: unknown): Failure {
  const fieldErrors: Record<string, string> = {};
  for (const issue of error.issues) fieldErrors[issue.path.join(".")] ??= issue.message;
  const whole = fieldErrors[""];
  delete fieldErrors[""];
  const [only, ...more] = Object.values(fieldErrors);
  const message = whole ?? (only && more.length === 0 ? only : "Some of the fields need another look.");
  return { ok: false, code: "invalid-input", message, fieldErrors, values: typed(input) };
}

/** What to say about an error; bugs and Next's own signals are thrown on. */
function refusalOf(error: unknown): { code: string; message: string } {
  if (error instanceof DomainError) return { code: error.code, message: error.publicMessage };
  if (!(error instanceof TemporaryError)) throw error;
  log.warn("action.temporary-failure", { vendor: error.vendor, reason: error.message });
  return {
    code: "temporary",
    message: "A service that this needs does not answer just now. Nothing was lost. Try again in a minute.",
  };
}

/**
 * Wraps a server action, which is a public endpoint: checks its input against `schema`, finds out who asks, and turns
 * refusals into an answer that can be shown beside the form. Next's own signals (redirect, not found) and bugs pass
 * through. Whatever was put into the outbox is sent after the response.
 */
export function action<Schema extends z.ZodType, Value>(
  schema: Schema,
  work: (input: z.output<Schema>, context: { actor: Actor }) => Promise<Value>,
): Action<z.input<Schema>, Value> {
  return async (...args: unknown[]): Promise<ActionResult<Value>> => {
    const given = args.at(-1);
    const input = given instanceof FormData ? fieldsOf(given) : given;
    const parsed = schema.safeParse(input);
    if (!parsed.success) return invalid(parsed.error, input);
    try {
      const actor = await currentActor();
      return { ok: true, value: await relayAfterResponse(() => work(parsed.data, { actor })) };
    } catch (error) {
      return { ok: false, ...refusalOf(error), fieldErrors: {}, values: typed(input) };
    }
  };
}
