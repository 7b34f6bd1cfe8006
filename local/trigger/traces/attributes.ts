const keysMax = 100;
const valueMax = 2_000;
const attributesMax = 16_000;

/** Text that Postgres can store: no null bytes, no halves of characters, not longer than it will be shown. */
export function storable(value: unknown, lengthMax: number): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const cut = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
  return cut
    .replaceAll("\0", "\uFFFD")
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}

/** What the task itself said, as JSON text; the platform's own attributes (`$…`, `ctx.…`) are left out. */
export function attributesOf(attributes: Map<string, unknown>): string | null {
  const own = [...attributes].filter(([key]) => !key.startsWith("$") && !key.startsWith("ctx."));
  const shown: Record<string, unknown> = {};
  let size = 0;
  for (const [key, value] of own.slice(0, keysMax)) {
    const kept = typeof value === "number" || typeof value === "boolean" ? value : storable(value, valueMax);
    size += key.length + String(kept).length;
    if (size > attributesMax) break;
    shown[storable(key, 200)] = kept;
  }
  const left = own.length - Object.keys(shown).length;
  if (left > 0) shown["…"] = `${left} more`;
  return own.length === 0 ? null : JSON.stringify(shown);
}

/** An OTLP AnyValue as a plain value. */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > 8) return undefined;
  const [kind, content] = Object.entries(value)[0] ?? [];
  if (kind === "stringValue" || kind === "boolValue" || kind === "doubleValue" || kind === "bytesValue") return content;
  if (kind === "intValue") return Number(content);
  const values: unknown = typeof content === "object" && content !== null && "values" in content ? content.values : [];
  if (!Array.isArray(values)) return undefined;
  if (kind === "arrayValue") return values.map((item) => plainValue(item, depth + 1));
  if (kind !== "kvlistValue") return undefined;
  return Object.fromEntries(
    values.map((item: { key?: unknown; value?: unknown } | null) => [
      String(item?.key),
      plainValue(item?.value, depth + 1),
    ]),
  );
}
