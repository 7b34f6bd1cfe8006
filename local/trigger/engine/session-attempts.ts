import { TaskRunErrorCodes } from "@trigger.dev/core/v3/schemas";
import { isUnstorable, type Tx } from "../db/database";
import { notifyQueue } from "../db/notify";
import { type CompletedAttempt, type Completion, completable, completeLocked, isToBeRetried } from "./complete-attempt";
import type { Server } from "./context";
import { finishRun } from "./finish-run";
import { friendly, newId } from "./ids";
import { storableText } from "./packets";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import type { HeldAttempt } from "./sessions";
import { attemptCreated, transition } from "./snapshots";
import { completeWaitpoint } from "./waitpoints";

export type EndedAttempt = HeldAttempt & { completion: Completion };
export type AttemptOutcome = HeldAttempt & { next: CompletedAttempt["attemptStatus"] | "LOST" };

/**
 * Ends attempts that a session holds. Those that just succeeded end together, in one transaction; all others each in
 * their own. An attempt that is no longer the session's is LOST: somebody else may be working on the run. Repeating it
 * changes nothing.
 */
export async function completeAttempts(
  server: Server,
  session: string,
  ended: EndedAttempt[],
): Promise<AttemptOutcome[]> {
  const plain = ended.filter(({ completion }) => completion.ok && completion.flushedMetadata?.data === undefined);
  // One that can not be stored must not keep the others from ending: then each ends alone.
  const finished = await server.db.transaction((tx) => finishAll(tx, session, plain)).catch(noneIfUnstorable);
  const outcomes: AttemptOutcome[] = [];
  for (const one of ended) {
    const { id, attempt } = one;
    const next = finished.has(id) ? "RUN_FINISHED" : await completeOne(server, session, one);
    outcomes.push({ id, attempt, next });
  }
  return outcomes;
}

const finishSql = `
with done as materialized (
  select * from jsonb_to_recordset($1)
    as done (id text, attempt integer, snapshot_id text, output text, output_type text, usage_ms bigint)),
mine as materialized (
  select run.id, done.snapshot_id, done.output, done.output_type, done.usage_ms from run join done on done.id = run.id
  where run.session_id = $2 and run.execution_status = 'EXECUTING' and run.attempt_number = done.attempt
  order by run.id for update of run),
changed as (
  update run set status = 'COMPLETED_SUCCESSFULLY', execution_status = 'FINISHED', snapshot_id = mine.snapshot_id,
    output = mine.output, output_type = mine.output_type, completed_at = clock_timestamp(),
    usage_duration_ms = usage_duration_ms + mine.usage_ms
  from mine where run.id = mine.id
  returning run.id, run.snapshot_id, execution_status, status, attempt_number, run.output, run.output_type),
written as (
  insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number)
  select snapshot_id, id, execution_status, status, 'Task completed successfully', attempt_number from changed)
select id, output, output_type from changed`;

type Finished = Pick<Run, "id" | "output" | "output_type">;

async function finishAll(tx: Tx, session: string, ended: EndedAttempt[]): Promise<Set<string>> {
  if (ended.length === 0) return new Set();
  const rows = ended.map(({ id, attempt, completion }) => ({
    id,
    attempt,
    snapshot_id: newId(),
    ...outputOf(completion),
    usage_ms: Math.round(completion.usage?.durationMs ?? 0),
  }));
  const finished = await tx.prepared<Finished>(finishSql, [JSON.stringify(rows), session]);
  const byId = new Map(finished.map((run) => [run.id, run]));
  // A statement of its own: who began to wait while we waited for the row is seen only now.
  const awaited = await tx.prepared<{ id: string; run_id: string }>(
    "select id, run_id from waitpoint where run_id = any($1) and status = 'PENDING' order by id",
    [[...byId.keys()]],
  );
  for (const { id, run_id } of awaited) {
    const run = byId.get(run_id);
    if (run) await completeWaitpoint(tx, id, { output: run.output, outputType: run.output_type });
  }
  if (finished.length > 0) notifyQueue(tx);
  return new Set(byId.keys());
}

function outputOf(completion: Completion) {
  if (!completion.ok || completion.output === undefined) return { output: null, output_type: "application/json" };
  const { data, dataType } = storableText(completion.output, completion.outputType);
  return { output: data, output_type: dataType };
}

function noneIfUnstorable(error: unknown): Set<string> {
  if (isUnstorable(error)) return new Set();
  throw error;
}

/** A run ends even if what its last attempt left can not be stored: without its last metadata, or as failed. */
async function completeOne(server: Server, session: string, ended: EndedAttempt): Promise<AttemptOutcome["next"]> {
  const { id, completion } = ended;
  const { flushedMetadata: _, ...withoutMetadata } = completion;
  const message = "What the attempt left could not be stored.";
  const error = { type: "INTERNAL_ERROR", code: TaskRunErrorCodes.TASK_OUTPUT_ERROR, message } as const;
  const attempts: Completion[] = [completion, withoutMetadata, { ok: false, id: friendly("run", id), error }];
  for (const [n, one] of attempts.entries()) {
    try {
      return await completeAs(server, session, { ...ended, completion: one });
    } catch (cause) {
      const isRefused = isUnstorable(cause) || cause instanceof Refusal;
      if (!isRefused || n === attempts.length - 1) throw cause;
    }
  }
  return "LOST";
}

async function completeAs(
  server: Server,
  session: string,
  { id, attempt, completion }: EndedAttempt,
): Promise<AttemptOutcome["next"]> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, id);
    // The answer to the same message may have been lost on its way.
    if (run?.execution_status === "FINISHED" && holds(run, session, attempt)) return "RUN_FINISHED";
    if (!run || !holds(run, session, attempt) || !completable.has(run.execution_status)) return "LOST";
    // Said again, its usage and metadata would count twice.
    if (!completion.ok && (await isToBeRetried(tx, run))) return "RETRY_IMMEDIATELY";
    return (await completeLocked(tx, run, completion)).attemptStatus;
  });
}

/**
 * Begins the attempt after one that failed, without the run having left its session. Null when it has, or when it was
 * cancelled. Repeating it answers with the attempt that the first call began.
 */
export async function retryAttempt(server: Server, session: string, { id, attempt }: HeldAttempt): Promise<Run | null> {
  return server.db.transaction(async (tx) => {
    const run = await lockRun(tx, id);
    // Nobody would look after an attempt that begins under a session that has ended.
    const [alive] = await tx.query("select 1 from session where id = $1 for share", [session]);
    if (!run || !alive) return null;
    if (run.execution_status === "EXECUTING" && holds(run, session, attempt + 1)) return run;
    if (!holds(run, session, attempt)) return null;
    if (run.execution_status === "PENDING_CANCEL") {
      await finishRun(tx, run, { description: "Run was cancelled, not finished", changes: { status: "CANCELED" } });
      return null;
    }
    // What the failed attempt asked to wait for may arrive after its end: the next one begins without it.
    if (run.execution_status === "EXECUTING_WITH_WAITPOINTS")
      await tx.query("delete from run_wait where run_id = $1", [run.id]);
    else if (run.execution_status !== "EXECUTING") return null;
    const begun = await transition(tx, run, {
      to: "EXECUTING",
      description: attemptCreated,
      changes: { attempt_number: attempt + 1, attempt_started_at: new Date(), resume_ready_at: null },
    });
    return begun.run;
  });
}

function holds(run: Run, session: string, attempt: number): boolean {
  return run.session_id === session && run.attempt_number === attempt;
}
