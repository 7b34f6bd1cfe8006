import { createHash } from "node:crypto";
import { internal } from "../engine/ids";
import { attributesOf, plainValue, storable } from "./attributes";

/** A row of `span`. Without a duration it is not over yet. */
export type SpanRow = {
  run_id: string;
  id: string;
  parent_id: string | null;
  name: string;
  label: string | null;
  icon: string | null;
  started_us: number;
  duration_us: number | null;
  error: string | null;
  attributes: string | null;
};

/** A row of `log_line`. */
export type LogRow = {
  run_id: string;
  at_us: number;
  hash: number;
  span_id: string | null;
  level: number;
  message: string;
  attributes: string | null;
};

type Fields = Record<string, unknown>;

const nameMax = 200;
const messageMax = 8_000;
const errorMax = 16_000;

/** The spans of an export (OTLP as JSON) that belong to a run. What is not readable is left out, never an error. */
export function spansOf(body: unknown): SpanRow[] {
  return recordsOf(body, "resourceSpans", "scopeSpans", "spans").flatMap(({ record, attributes, runId }) => {
    const isPartial = attributes.get("$span.partial") === true;
    const id = spanId(isPartial ? attributes.get("$span.span_id") : record.spanId);
    const started = microseconds(record.startTimeUnixNano);
    const ended = microseconds(record.endTimeUnixNano);
    if (!runId || !id || started === undefined) return [];
    return [
      {
        run_id: runId,
        id,
        parent_id: spanId(record.parentSpanId) ?? null,
        name: storable(record.name, nameMax) || "span",
        label: storable(attributes.get("$style.accessory.items.[0].text"), nameMax) || null,
        icon: storable(attributes.get("$style.icon"), 40) || null,
        started_us: started,
        duration_us: isPartial || ended === undefined ? null : Math.max(0, ended - started),
        error: errorOf(record),
        attributes: attributesOf(attributes),
      },
    ];
  });
}

/** The log lines of an export that belong to a run. */
export function logsOf(body: unknown): LogRow[] {
  return recordsOf(body, "resourceLogs", "scopeLogs", "logRecords").flatMap(({ record, attributes, runId }) => {
    const at = microseconds(record.timeUnixNano) ?? microseconds(record.observedTimeUnixNano);
    if (!runId || at === undefined) return [];
    const row = {
      span_id: spanId(record.spanId) ?? null,
      level: levelOf(record.severityNumber),
      message: storable(plainValue(record.body), messageMax),
      attributes: attributesOf(attributes),
    };
    // A log record has no id of its own; the same record sent twice has the same content.
    const hash = createHash("md5").update(JSON.stringify(row)).digest().readInt32BE(0);
    return [{ run_id: runId, at_us: at, hash, ...row }];
  });
}

function recordsOf(body: unknown, outer: string, scope: string, inner: string) {
  return list(body, outer).flatMap((resource) => {
    const shared = attributeMap(fields(resource.resource).attributes);
    return list(resource, scope)
      .flatMap((one) => list(one, inner))
      .map((record) => {
        const attributes = attributeMap(record.attributes);
        return { record, attributes, runId: runIdOf(attributes) ?? runIdOf(shared) };
      });
  });
}

function runIdOf(attributes: Map<string, unknown>): string | undefined {
  const id = attributes.get("$metadata.ctx.run.id") ?? attributes.get("ctx.run.id");
  return typeof id === "string" && /^run_[a-z0-9]{1,40}$/.test(id) ? internal("run", id) : undefined;
}

function attributeMap(attributes: unknown): Map<string, unknown> {
  const map = new Map<string, unknown>();
  if (!Array.isArray(attributes)) return map;
  for (const attribute of attributes) {
    const { key, value } = fields(attribute);
    if (typeof key === "string") map.set(key, plainValue(value));
  }
  return map;
}

/** The exception a span ended with, in words, with its stack. */
function errorOf(record: Fields): string | null {
  for (const event of list(record, "events")) {
    if (event.name !== "exception") continue;
    const details = attributeMap(event.attributes);
    const text =
      details.get("exception.stacktrace") ?? details.get("exception.message") ?? details.get("exception.type");
    return storable(text, errorMax) || "failed";
  }
  return fields(record.status).code === 2 ? storable(fields(record.status).message, errorMax) || "failed" : null;
}

function list(value: unknown, name: string): Fields[] {
  const items = fields(value)[name];
  return Array.isArray(items) ? items.map(fields) : [];
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function spanId(value: unknown): string | undefined {
  return typeof value === "string" && /^[0-9a-f]{16}$/i.test(value) ? value.toLowerCase() : undefined;
}

/** From a whole number of nanoseconds, as text or number. Nothing for what is not between 1970 and 2100. */
function microseconds(nanoseconds: unknown): number | undefined {
  if (typeof nanoseconds !== "string" && typeof nanoseconds !== "number") return undefined;
  const value = Math.round(Number(nanoseconds) / 1_000);
  return value > 0 && value < 4_102_444_800_000_000 ? value : undefined;
}

function levelOf(severity: unknown): number {
  return typeof severity === "number" && severity >= 1 && severity <= 24 ? Math.floor(severity) : 9;
}
