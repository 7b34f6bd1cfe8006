import { friendly } from "../engine/ids";
import type { Run } from "../engine/run";

/** The columns of a run that realtime clients see, with the types they parse them by. */
const types = {
  id: { type: "text" },
  taskIdentifier: { type: "text" },
  createdAt: { type: "timestamp" },
  updatedAt: { type: "timestamp" },
  startedAt: { type: "timestamp" },
  delayUntil: { type: "timestamp" },
  queuedAt: { type: "timestamp" },
  expiredAt: { type: "timestamp" },
  completedAt: { type: "timestamp" },
  friendlyId: { type: "text" },
  number: { type: "int4" },
  isTest: { type: "bool" },
  status: { type: "text" },
  usageDurationMs: { type: "int4" },
  costInCents: { type: "float8" },
  baseCostInCents: { type: "float8" },
  ttl: { type: "text" },
  payload: { type: "text" },
  payloadType: { type: "text" },
  metadata: { type: "text" },
  metadataType: { type: "text" },
  output: { type: "text" },
  outputType: { type: "text" },
  runTags: { type: "text", dims: 1 },
  error: { type: "jsonb" },
  realtimeStreams: { type: "text", dims: 1 },
} as const;

type Column = keyof typeof types;

const needed = new Set<string>(["id", "taskIdentifier", "friendlyId", "status", "createdAt"]);

/** What is left when a client does not want some columns; without the needed ones it could not work. */
export function columnsWithout(skipped: string[]): Column[] {
  return (Object.keys(types) as Column[]).filter((column) => needed.has(column) || !skipped.includes(column));
}

export function schemaOf(columns: Column[]): string {
  return JSON.stringify(Object.fromEntries(columns.map((column) => [column, types[column]])));
}

/** One row as text, the way Postgres would send it. */
export function rowOf(run: Run, columns: Column[]): Record<string, string | null> {
  const all: Record<Column, string | null> = {
    id: run.id,
    taskIdentifier: run.task_id,
    createdAt: timestamp(run.created_at),
    updatedAt: timestamp(run.updated_at),
    startedAt: timestamp(run.started_at),
    delayUntil: timestamp(run.delay_until),
    queuedAt: timestamp(run.queued_at),
    expiredAt: timestamp(run.expired_at),
    completedAt: timestamp(run.completed_at),
    friendlyId: friendly("run", run.id),
    number: "0",
    isTest: run.is_test ? "t" : "f",
    status: run.status,
    usageDurationMs: String(run.usage_duration_ms),
    costInCents: "0",
    baseCostInCents: "0",
    ttl: run.ttl,
    payload: run.payload,
    payloadType: run.payload_type,
    metadata: run.metadata,
    metadataType: run.metadata_type,
    output: run.output,
    outputType: run.output_type,
    runTags: run.tags.length > 0 ? arrayLiteral(run.tags) : null,
    error: run.error === null ? null : JSON.stringify(run.error),
    realtimeStreams: arrayLiteral(run.realtime_streams),
  };
  return Object.fromEntries(columns.map((column) => [column, all[column]]));
}

/** Without the zone: the client adds the Z. */
function timestamp(date: Date | null): string | null {
  return date === null ? null : date.toISOString().replace("Z", "");
}

function arrayLiteral(items: string[]): string {
  return `{${items.map((item) => `"${item.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;
}
