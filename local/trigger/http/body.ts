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
  if (text === "") throw new Refusal(400, "Request body is empty");
  return parse(schema, jsonFrom(text));
}

/** The same where a request may come without a body, which then means an empty object. */
export async function readOptionalJson<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.infer<Schema>> {
  const text = await readText(c);
  return parse(schema, text === "" ? {} : jsonFrom(text));
}

export async function readText(c: Context, maxBytes = bytesMax): Promise<string> {
  return isBounded(c, maxBytes) ? c.req.text() : (await collect(c, maxBytes)).toString("utf8");
}

export async function readBytes(c: Context, maxBytes: number): Promise<Buffer> {
  return isBounded(c, maxBytes) ? Buffer.from(await c.req.arrayBuffer()) : collect(c, maxBytes);
}

/** Node keeps a body to the length it announced, so that only a body without one has to be watched as it comes. */
function isBounded(c: Context, maxBytes: number): boolean {
  const length = c.req.header("content-length");
  if (length === undefined) return false;
  if (Number(length) > maxBytes) throw tooLarge(maxBytes);
  return true;
}

async function collect(c: Context, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
  const problems = result.error.issues.map((issue) => issue.message + placeText(issue.path));
  throw new Refusal(400, `Validation error: ${problems.join("; ")}`);
}

function placeText(path: PropertyKey[]): string {
  if (path.length === 0) return "";
  const text = path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`))
    .join("");
  return ` at "${text}"`;
}
