import { createJsonErrorObject } from "@trigger.dev/core/v3/errors";
import type { Server } from "./engine/context";
import { friendly } from "./engine/ids";
import { metadataOf } from "./engine/metadata";
import { toPlainJson } from "./engine/packets";
import type { Run } from "./engine/run";
import { apiStatus, statusHelpers } from "./engine/status";
import { presignedGet } from "./http/presigned";
import { presentSchedule, type ScheduleOfRun } from "./present-schedule";

/** The fields of a run that lists, single answers and related runs have in common. */
export function presentCommon(run: Run) {
  return {
    id: friendly("run", run.id),
    taskIdentifier: run.task_id,
    status: apiStatus(run.status),
    ...statusHelpers(run.status),
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    ...optional("version", run.worker_version),
    ...optional("startedAt", run.started_at),
    ...optional("finishedAt", run.completed_at),
    ...optional("delayedUntil", run.delay_until),
    ...optional("expiredAt", run.expired_at),
    ...optional("ttl", run.ttl),
    ...optional("idempotencyKey", run.idempotency_key_options?.key ?? run.idempotency_key),
    isTest: run.is_test,
    tags: [...run.tags].sort((one, other) => one.localeCompare(other)),
    costInCents: 0,
    baseCostInCents: 0,
    durationMs: run.usage_duration_ms,
    depth: run.depth,
    ...(run.metadata === null ? {} : { metadata: metadataOf(run) }),
  };
}

export function presentListItem({ installation }: Server, run: Run) {
  return {
    ...presentCommon(run),
    env: { id: installation.environmentId, name: "dev", user: "Local Developer" },
    taskKind: run.annotations.taskKind ?? "STANDARD",
    region: installation.environmentId,
  };
}

function presentRelated(run: Run) {
  return {
    ...presentCommon(run),
    triggerFunction: triggerFunctionOf(run),
    ...(run.batch_id === null ? {} : { batchId: friendly("batch", run.batch_id) }),
  };
}

function triggerFunctionOf(run: Run) {
  if (run.batch_id) return run.resume_parent ? "batchTriggerAndWait" : "batchTrigger";
  return run.resume_parent ? "triggerAndWait" : "trigger";
}

/** A whole run, as `runs.retrieve` shows it. Data that was offloaded is given as an address to fetch it from. */
export async function presentRun(server: Server, run: Run) {
  const related = await server.db.query<Run>(
    "select * from run where id = $1 or id = $2 or parent_id = $3 order by number",
    [run.parent_id, run.root_id, run.id],
  );
  const parent = related.find((one) => one.id === run.parent_id);
  const root = related.find((one) => one.id === run.root_id);
  const [schedule] = run.schedule_id
    ? await server.db.query<ScheduleOfRun>("select * from schedule where id = $1", [run.schedule_id])
    : [];
  return {
    ...presentRelated(run),
    region: server.installation.environmentId,
    ...presentData(server, "payload", run.payload, run.payload_type),
    ...presentData(server, "output", run.output, run.output_type),
    ...(run.error === null ? {} : { error: createJsonErrorObject(run.error) }),
    ...(schedule ? { schedule: presentSchedule(schedule) } : {}),
    attemptCount: run.attempt_number,
    attempts: [],
    relatedRuns: {
      ...(root ? { root: presentRelated(root) } : {}),
      ...(parent ? { parent: presentRelated(parent) } : {}),
      children: related.filter((one) => one.parent_id === run.id).map(presentRelated),
    },
  };
}

function presentData(server: Server, name: "payload" | "output", data: string | null, type: string) {
  if (data === null) return {};
  if (type === "application/store") return { [`${name}PresignedUrl`]: presignedGet(server, data) };
  const value = toPlainJson(data, type);
  return value === undefined ? {} : { [name]: value };
}

function optional<Name extends string, Value>(name: Name, value: Value | null | undefined) {
  return value === null || value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

/** A finished run as `TaskRunExecutionResult`. */
export function presentResult(run: Run) {
  const base = { id: friendly("run", run.id), taskIdentifier: run.task_id };
  if (run.status === "COMPLETED_SUCCESSFULLY") {
    return { ok: true, ...base, ...optional("output", run.output), outputType: run.output_type };
  }
  return { ok: false, ...base, error: run.error };
}
