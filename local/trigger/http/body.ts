import type { Context } from "hono";
import type { z } from "zod";
import { Refusal } from "../engine/refusal";

const bytesMax = 16 * 1024 * 1024;

/** The request's JSON, whatever its content type says (the CLI sends none), checked against a schema. */
export async function readJson<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  maxBytes = bytesMax,
): Promise<z.infer<Schema>> {
  const text = await readText(c, maxBytes);
  return parse(schema, text === "" ? {} : jsonFrom(text));
}

export async function readText(c: Context, maxBytes = bytesMax): Promise<string> {
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const text = await c.req.text();
  if (text.length > maxBytes) throw tooLarge(maxBytes);
  return text;
}

const tooLarge = (maxBytes: number) =>
  new Refusal(413, `Request body is too large: at most ${maxBytes} bytes are taken.`);

export function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "Invalid JSON");
  }
}

/** The value as the schema wants it, or a 400 that says what is wrong where. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.message} at "${pathText(issue.path)}"`);
  throw new Refusal(400, `Validation error: ${problems.join("; ")}`);
}

function pathText(path: PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`))
    .join("");
}
