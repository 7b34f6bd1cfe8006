import type { z } from "zod";
import { DomainError } from "@/lib/errors";

/** What became of a request: `broken` is what a page would answer with "something went wrong". */
export type Answer<Value> =
  | { kind: "accepted"; value: Value }
  | { kind: "refused"; code: string; messages: string[] }
  | { kind: "broken"; error: unknown };

/** Sends a request the way a server action does: its input is parsed, and what is refused is said in words. */
export async function call<Schema extends z.ZodType, Value>(
  schema: Schema,
  input: unknown,
  work: (input: z.output<Schema>) => Promise<Value>,
): Promise<Answer<Value>> {
  try {
    const parsed = schema.safeParse(input);
    if (!parsed.success)
      return { kind: "refused", code: "invalid-input", messages: parsed.error.issues.map(({ message }) => message) };
    return { kind: "accepted", value: await work(parsed.data) };
  } catch (error) {
    if (!(error instanceof DomainError)) return { kind: "broken", error };
    return { kind: "refused", code: error.code, messages: [error.publicMessage] };
  }
}

/** Why a message is not for people; undefined where it is. */
export function whyUnclear(message: string): string | undefined {
  if (!/^[A-Z0-9€$£¥].*[.?!]$/su.test(message)) return "is not a sentence";
  if (message.length > 400) return "is too long";
  const inside = /undefined|null\b|NaN|\[object|prisma|expected .* received|Invalid input|\n\s+at /i.exec(message);
  return inside ? `says "${inside[0]}"` : undefined;
}
