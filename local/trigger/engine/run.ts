import type { TaskRunError as TaskRunErrorSchema } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Tx } from "../db/database";
import { storableJson, storableText } from "./packets";
import type { RunStatus } from "./status";

/** What a snapshot says about a run; the second of its two states. */
export type ExecutionStatus =
  | "DELAYED"
  | "QUEUED"
  | "PENDING_EXECUTING"
  | "EXECUTING"
  | "EXECUTING_WITH_WAITPOINTS"
  | "PENDING_CANCEL"
  | "FINISHED";

/** A row of `trigger_local.run`. */
export type Run = {
  id: string;
  number: number;
  version: number;
  task_id: string;
  status: RunStatus;
  execution_status: ExecutionStatus;
  snapshot_id: string | null;
  queue: string;
  concurrency_key: string | null;
  priority_ms: number;
  queue_time: Date;
  available_at: Date;
  worker_id: string | null;
  worker_version: string | null;
  locked_to_version: string | null;
  payload: string | null;
  payload_type: string;
  output: string | null;
  output_type: string;
  error: TaskRunError | null;
  metadata: string | null;
  metadata_type: string;
  seed_metadata: string | null;
  seed_metadata_type: string;
  tags: string[];
  is_test: boolean;
  replayed_from: string | null;
  ttl: string | null;
  created_at: Date;
  updated_at: Date;
  queued_at: Date | null;
  delay_until: Date | null;
  started_at: Date | null;
  executed_at: Date | null;
  attempt_started_at: Date | null;
  completed_at: Date | null;
  expired_at: Date | null;
  attempt_number: number;
  max_attempts: number | null;
  max_duration: number | null;
  machine: string | null;
  idempotency_key: string | null;
  idempotency_key_expires_at: Date | null;
  idempotency_key_options: { key: string; scope: string } | null;
  parent_id: string | null;
  root_id: string | null;
  depth: number;
  resume_parent: boolean;
  batch_id: string | null;
  batch_index: number | null;
  schedule_id: string | null;
  usage_duration_ms: number;
  trace_context: Record<string, unknown>;
  annotations: Record<string, unknown>;
  one_time_token: string | null;
  realtime_streams: string[];
  resume_ready_at: Date | null;
  session_id: string | null;
};

/** The wire form of a failure, as the worker reports it. */
export type TaskRunError = z.infer<typeof TaskRunErrorSchema>;

type Reader = Pick<Tx, "query">;

export async function findRun(db: Reader, id: string): Promise<Run | null> {
  const [run] = await db.query<Run>("select * from run where id = $1", [id]);
  return run ?? null;
}

/** Takes the run's row lock until the transaction ends. Every transition begins with it. */
export async function lockRun(tx: Tx, id: string): Promise<Run | null> {
  const [run] = await tx.query<Run>("select * from run where id = $1 for update", [id]);
  return run ?? null;
}

/** Changes columns of a run whose lock is held and returns the new row. */
export async function updateRun(tx: Tx, id: string, changes: Partial<Run>): Promise<Run> {
  const { assignments, values } = assignmentsOf(changes, 2);
  const [run] = await tx.query<Run>(`update run set ${assignments} where id = $1 returning *`, [id, ...values]);
  if (!run) throw new Error(`Run ${id} disappeared while its lock was held`);
  return run;
}

/** The `set` part of an update, its values numbered from `first`. Column names come from code, never from a request. */
export function assignmentsOf(given: Partial<Run>, first: number): { assignments: string; values: unknown[] } {
  const changes = withStorableOutput(given);
  return {
    assignments: Object.keys(changes)
      .map((name, index) => `${name} = $${index + first}`)
      .join(", "),
    values: Object.values(changes).map(columnValue),
  };
}

/** A task may return any text. Refusing it would leave its run executing for ever. */
function withStorableOutput(changes: Partial<Run>): Partial<Run> {
  if (!changes.output || !changes.output_type) return changes;
  const { data, dataType } = storableText(changes.output, changes.output_type);
  return { ...changes, output: data, output_type: dataType };
}

/** jsonb columns take JSON text; arrays of text and dates are converted by the driver. */
function columnValue(value: unknown): unknown {
  if (value === null || typeof value !== "object" || value instanceof Date || Array.isArray(value)) return value;
  return storableJson(JSON.stringify(value));
}
