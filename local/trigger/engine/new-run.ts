import { stringifyDuration } from "@trigger.dev/core/v3/isomorphic";
import type { TriggerTaskRequestBody } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import { keyLifeMs, momentFrom } from "./durations";
import { newId } from "./ids";
import { storableText } from "./packets";
import { Refusal } from "./refusal";
import type { Run } from "./run";
import { traceContextFrom } from "./trace";

export type TriggerOptions = NonNullable<z.infer<typeof TriggerTaskRequestBody>["options"]>;

export type NewRunInput = {
  taskId: string;
  payload: unknown;
  options: TriggerOptions;
  now: Date;
  /** What the newest worker says about the task; null while no worker knows it. */
  task: { queue: string; ttl: string | null; triggerSource: string | null } | null;
  parent: Run | null;
  defaultTtl: string | null;
  traceparent?: string | undefined;
  batch?: { id: string; index: number } | undefined;
  source?: string;
};

/** The columns a new run begins with; all others have defaults. */
export type NewRun = Pick<Run, (typeof newRunColumns)[number]>;

export const newRunColumns = [
  "id",
  "task_id",
  "status",
  "execution_status",
  "snapshot_id",
  "queue",
  "concurrency_key",
  "priority_ms",
  "queue_time",
  "available_at",
  "locked_to_version",
  "payload",
  "payload_type",
  "metadata",
  "metadata_type",
  "seed_metadata",
  "seed_metadata_type",
  "tags",
  "is_test",
  "replayed_from",
  "ttl",
  "created_at",
  "updated_at",
  "queued_at",
  "delay_until",
  "max_attempts",
  "max_duration",
  "machine",
  "idempotency_key",
  "idempotency_key_expires_at",
  "idempotency_key_options",
  "parent_id",
  "root_id",
  "depth",
  "resume_parent",
  "batch_id",
  "batch_index",
  "schedule_id",
  "trace_context",
  "annotations",
  "one_time_token",
  "realtime_streams",
  "output_type",
  "attempt_number",
  "usage_duration_ms",
] as const satisfies readonly (keyof Run)[];

const payloadBytesMax = 3 * 1024 * 1024;
const metadataBytesMax = 256 * 1024;
const tagsMax = 10;
const maxDurationMinSeconds = 5;
const int4Max = 2_147_483_647;

/** The row of a new run. Refuses what the real server refuses: too many tags, too large a payload or metadata. */
export function newRun(input: NewRunInput): NewRun {
  const { options, now, parent, task } = input;
  requireSupported(options);
  const given = typeof options.tags === "string" ? [options.tags] : (options.tags ?? []);
  if (given.length > tagsMax)
    throw new Refusal(422, `Runs can only have ${tagsMax} tags, you're trying to set ${given.length}.`);
  // A delay nobody understands is no delay: so does the real server.
  const delay = options.delay ?? options.debounce?.delay;
  const delayUntil = delay === undefined ? null : (momentFrom(delay, now) ?? null);
  if (options.debounce && !delayUntil)
    throw new Refusal(422, `Debounce requires a valid delay, not "${String(delay)}".`);
  const priorityMs = Math.round((options.priority ?? 0) * 1000);
  const start = delayUntil ?? now;
  return {
    id: newId(),
    task_id: input.taskId,
    status: delayUntil ? "DELAYED" : "PENDING",
    execution_status: delayUntil ? "DELAYED" : "QUEUED",
    snapshot_id: newId(),
    queue: options.queue?.name ?? task?.queue ?? `task/${input.taskId}`,
    concurrency_key: options.concurrencyKey ?? null,
    priority_ms: priorityMs,
    queue_time: new Date(start.getTime() - priorityMs),
    available_at: start,
    locked_to_version: options.lockToVersion ?? null,
    ...payloadColumns(input.payload, options.payloadType ?? "application/json"),
    ...metadataColumns(options),
    tags: distinctTags(given),
    is_test: options.test ?? false,
    replayed_from: null,
    ttl: options.ttl === undefined ? (task?.ttl ?? input.defaultTtl) : ttlFrom(options.ttl),
    created_at: now,
    updated_at: now,
    queued_at: delayUntil ? null : now,
    delay_until: delayUntil,
    max_attempts: options.maxAttempts ?? null,
    max_duration: maxDurationFrom(options.maxDuration),
    machine: options.machine ?? null,
    ...keyColumns(options, now),
    parent_id: parent?.id ?? null,
    root_id: parent ? (parent.root_id ?? parent.id) : null,
    depth: parent ? parent.depth + 1 : 0,
    resume_parent: options.resumeParentOnCompletion ?? false,
    batch_id: input.batch?.id ?? null,
    batch_index: input.batch?.index ?? null,
    schedule_id: null,
    trace_context: traceContextFrom(input.traceparent),
    annotations: annotationsFor(input),
    one_time_token: null,
    realtime_streams: [],
    output_type: "application/json",
    attempt_number: 0,
    usage_duration_ms: 0,
  };
}

/** An option that would be ignored is refused: a run that behaves otherwise than asked would be worse. */
function requireSupported(options: TriggerOptions): void {
  for (const name of ["gates", "concurrency"] as const) {
    if (options[name] !== undefined)
      throw new Refusal(501, `The local Trigger.dev server does not have the trigger option "${name}".`);
  }
}

function payloadColumns(payload: unknown, type: string): Pick<Run, "payload" | "payload_type"> {
  if (payload === undefined || payload === null) return { payload: null, payload_type: type };
  // The SDK sends a packet (a string); a page may send the plain value.
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  if (Buffer.byteLength(text) > payloadBytesMax) {
    throw new Refusal(
      413,
      `Task payload is too large: ${Buffer.byteLength(text)} bytes, at most ${payloadBytesMax} are taken.`,
    );
  }
  const { data, dataType } = storableText(text, type);
  return { payload: data, payload_type: dataType };
}

function metadataColumns(options: TriggerOptions) {
  const type = options.metadataType ?? "application/json";
  if (options.metadata === undefined || options.metadata === null) return metadataAndSeed(null, type);
  const text = typeof options.metadata === "string" ? options.metadata : JSON.stringify(options.metadata);
  requireMetadataSize(text);
  return metadataAndSeed(text, type);
}

function metadataAndSeed(text: string | null, type: string) {
  return { metadata: text, metadata_type: type, seed_metadata: text, seed_metadata_type: type };
}

/** Metadata is read and sent on every change, so it is kept small: 256 KiB, as the real server does. */
export function requireMetadataSize(text: string): void {
  if (Buffer.byteLength(text) > metadataBytesMax) {
    throw new Refusal(413, `Metadata exceeds maximum size of ${metadataBytesMax} bytes`);
  }
}

function keyColumns(options: TriggerOptions, now: Date) {
  // An empty key is no key.
  if (!options.idempotencyKey)
    return { idempotency_key: null, idempotency_key_expires_at: null, idempotency_key_options: null };
  return {
    idempotency_key: options.idempotencyKey,
    idempotency_key_expires_at: new Date(now.getTime() + keyLifeMs(options.idempotencyKeyTTL)),
    idempotency_key_options: options.idempotencyKeyOptions ?? null,
  };
}

function annotationsFor({ source = "sdk", parent, task }: NewRunInput): Record<string, unknown> {
  return {
    triggerSource: source,
    triggerAction: "trigger",
    rootTriggerSource: parent?.annotations.rootTriggerSource ?? source,
    taskKind: task?.triggerSource === "schedule" ? "SCHEDULED" : "STANDARD",
  };
}

/** A number is seconds. 0 means that the run never expires, whatever its task or the environment says. */
function ttlFrom(ttl: string | number): string | null {
  return (typeof ttl === "number" ? stringifyDuration(ttl) : ttl) || null;
}

/** 0 leaves the task's own; the rest is kept between the least a run may have and what a column takes. */
function maxDurationFrom(seconds: number | undefined): number | null {
  return seconds ? Math.round(Math.min(int4Max, Math.max(maxDurationMinSeconds, seconds))) : null;
}

/** Without blank ones, each once. */
export function distinctTags(tags: readonly string[]): string[] {
  return [...new Set(tags.filter((tag) => tag.trim() !== ""))];
}
