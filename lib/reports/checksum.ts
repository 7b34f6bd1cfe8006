import { createHash } from "node:crypto";

/** JSON with the keys of every object in order, so that equal values are equal texts (Postgres' jsonb reorders keys). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`;
}

/** The sha256, in hex, of a value of JSON: the same for the same figures, wherever they were read from. */
export function checksumOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}
