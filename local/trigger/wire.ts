import type { Tx } from "./db/database";
import type { Server } from "./engine/context";
import type { Dequeued } from "./engine/dequeue";
import { friendly } from "./engine/ids";
import { machineNamed } from "./engine/machines";
import { metadataOf } from "./engine/metadata";
import type { Run } from "./engine/run";
import type { Snapshot } from "./engine/snapshots";
import type { WorkerTask } from "./engine/tasks";
import { spanIdOf } from "./engine/trace";
import type { Waitpoint } from "./engine/waitpoints";

/** The shapes the worker is sent. Optional fields are left out, never null, where its schemas say so. */

export function wireSnapshot(snapshot: Snapshot) {
  return {
    id: snapshot.id,
    friendlyId: friendly("snapshot", snapshot.id),
    executionStatus: snapshot.execution_status,
    description: snapshot.description,
    createdAt: snapshot.created_at,
  };
}

export function wireRunState(run: Run) {
  return {
    id: run.id,
    friendlyId: friendly("run", run.id),
    status: run.status,
    attemptNumber: run.attempt_number,
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    completedAt: run.completed_at,
    spanId: spanIdOf(run.trace_context),
    usageDurationMs: run.usage_duration_ms,
    costInCents: 0,
    parentTaskRunId: run.parent_id,
    batchId: run.batch_id,
  };
}

export function dequeuedMessage({ installation }: Server, { run, snapshot, worker }: Dequeued) {
  return {
    version: "1",
    dequeuedAt: new Date(),
    workerQueueLength: 0,
    snapshot: wireSnapshot(snapshot),
    completedWaitpoints: [],
    backgroundWorker: {
      id: worker.id,
      friendlyId: friendly("worker", worker.id),
      version: worker.version,
      ...(worker.runtime === null ? {} : { runtime: worker.runtime }),
    },
    deployment: {},
    run: {
      id: run.id,
      friendlyId: friendly("run", run.id),
      isTest: run.is_test,
      isReplay: run.replayed_from !== null,
      machine: machineNamed(run.machine),
      attemptNumber: run.attempt_number + 1,
      masterQueue: installation.environmentId,
      traceContext: run.trace_context,
      annotations: run.annotations,
    },
    environment: { id: installation.environmentId, type: "DEVELOPMENT" },
    organization: { id: installation.organizationId },
    project: { id: installation.projectId },
  };
}

/** What the task sees as `ctx`, and its payload. */
export function wireExecution(
  { installation }: Server,
  run: Run,
  task: WorkerTask,
  queue: { id: string; name: string },
) {
  return {
    attempt: {
      number: run.attempt_number,
      startedAt: run.attempt_started_at,
      id: "deprecated",
      backgroundWorkerId: "deprecated",
      backgroundWorkerTaskId: "deprecated",
      status: "deprecated",
    },
    run: {
      id: friendly("run", run.id),
      payload: run.payload ?? "",
      payloadType: run.payload_type,
      createdAt: run.created_at,
      startedAt: run.started_at,
      tags: run.tags,
      isTest: run.is_test,
      isReplay: run.replayed_from !== null,
      ...(run.idempotency_key_options
        ? { idempotencyKey: run.idempotency_key_options.key, idempotencyKeyScope: run.idempotency_key_options.scope }
        : run.idempotency_key === null
          ? {}
          : { idempotencyKey: run.idempotency_key }),
      ...(run.max_attempts === null ? {} : { maxAttempts: run.max_attempts }),
      ...(run.worker_version === null ? {} : { version: run.worker_version }),
      ...(run.metadata === null ? {} : { metadata: metadataOf(run) }),
      ...(run.max_duration === null ? {} : { maxDuration: run.max_duration }),
      durationMs: run.usage_duration_ms,
      costInCents: 0,
      baseCostInCents: 0,
      traceContext: run.trace_context,
      ...(run.priority_ms === 0 ? {} : { priority: run.priority_ms / 1000 }),
      // The worker takes a run without a root for the root: a root run must not name itself.
      ...(run.parent_id === null ? {} : { parentTaskRunId: friendly("run", run.parent_id) }),
      ...(run.root_id === null ? {} : { rootTaskRunId: friendly("run", run.root_id) }),
      realtimeStreamsVersion: "v2",
    },
    task: {
      id: run.task_id,
      filePath: task.file_path,
      ...(task.export_name === null ? {} : { exportName: task.export_name }),
    },
    queue,
    environment: { id: installation.environmentId, slug: "dev", type: "DEVELOPMENT" },
    organization: { id: installation.organizationId, slug: "local", name: "Local" },
    project: { id: installation.projectId, ref: installation.projectRef, slug: "local", name: "Local project" },
    machine: machineNamed(run.machine),
    ...(run.batch_id === null ? {} : { batch: { id: friendly("batch", run.batch_id) } }),
  };
}

type CompletedRow = Waitpoint & { index: number | null; run_batch_id: string | null };

/** The worker finds who waits by the child run (a batch's child: by batch and index), or by the waitpoint's own id. */
function wireWaitpoint(waitpoint: CompletedRow) {
  const batch = waitpoint.run_batch_id
    ? { batch: { id: waitpoint.run_batch_id, friendlyId: friendly("batch", waitpoint.run_batch_id) } }
    : {};
  return {
    id: waitpoint.id,
    friendlyId: friendly("waitpoint", waitpoint.id),
    type: waitpoint.type,
    ...(waitpoint.index === null ? {} : { index: waitpoint.index }),
    completedAt: waitpoint.completed_at,
    ...(waitpoint.completed_after === null ? {} : { completedAfter: waitpoint.completed_after }),
    ...(waitpoint.run_id === null
      ? {}
      : { completedByTaskRun: { id: waitpoint.run_id, friendlyId: friendly("run", waitpoint.run_id), ...batch } }),
    ...(waitpoint.batch_id === null
      ? {}
      : { completedByBatch: { id: waitpoint.batch_id, friendlyId: friendly("batch", waitpoint.batch_id) } }),
    ...(waitpoint.output === null ? {} : { output: waitpoint.output }),
    outputType: waitpoint.output_type,
    outputIsError: waitpoint.output_is_error,
  };
}

/** What ended the wait before this snapshot, as the worker is told it. */
export async function completedWaitpoints(db: Pick<Tx, "prepared">, snapshotId: string | null) {
  const rows = await db.prepared<CompletedRow>(
    `select waitpoint.*, ref.index, ref.batch as run_batch_id
     from snapshot, jsonb_to_recordset(snapshot.completed_waitpoints) as ref (id text, index int, batch text)
     join waitpoint on waitpoint.id = ref.id where snapshot.id = $1 order by ref.index nulls first`,
    [snapshotId],
  );
  return rows.map(wireWaitpoint);
}
