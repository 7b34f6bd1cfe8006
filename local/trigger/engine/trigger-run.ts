import { isUniqueViolation, type Tx } from "../db/database";
import type { Server } from "./context";
import { insertDebounced } from "./debounce";
import { internal } from "./ids";
import { insertRuns } from "./insert-runs";
import type { KnownTask } from "./known-tasks";
import { type NewRun, newRun, type TriggerOptions } from "./new-run";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { isFailure, isFinal } from "./status";
import { findTask } from "./tasks";
import { blockRun, waitpointOfRun } from "./waitpoints";

export type TriggerInput = {
  taskId: string;
  payload: unknown;
  options: TriggerOptions;
  /** The request's own key: a repeated request answers with the run of the first. */
  requestKey?: string | undefined;
  traceparent?: string | undefined;
  /** Hash of a one-time token, if the caller came with one. */
  oneTimeToken?: string | undefined;
  scheduleId?: string;
  source?: string;
  createdAt?: Date;
};

export type Triggered = { run: Pick<Run, "id">; isCached: boolean };

/**
 * Creates a run, or finds the one that already has its idempotency key. With `resumeParentOnCompletion` the parent is
 * blocked on it in the same transaction. Repeating a request (same requestKey) creates nothing.
 */
export async function triggerRun(server: Server, input: TriggerInput): Promise<Triggered> {
  return (await triggerAtOnce(server, input)) ?? triggerAlone(server, input);
}

/** Most runs have nothing to do with another: one statement stores them, with others that are asked for now. */
async function triggerAtOnce(server: Server, input: TriggerInput): Promise<Triggered | undefined> {
  if (input.options.parentRunId || input.options.debounce || input.oneTimeToken) return undefined;
  const candidate = candidateFor(server, input, await server.tasks.find(input.taskId), null);
  const stored = await server.insertRun(candidate, input.requestKey);
  return stored ? { run: candidate, isCached: false } : undefined;
}

async function triggerAlone(server: Server, input: TriggerInput): Promise<Triggered> {
  try {
    return await server.db.transaction((tx) => triggerIn(tx, server, input));
  } catch (error) {
    if (isUniqueViolation(error, "run_one_time_token_key")) {
      throw new Refusal(422, `Cannot trigger ${input.taskId} with a one-time use token as it has already been used.`);
    }
    throw error;
  }
}

/** The same inside a transaction of the caller. */
export async function triggerIn(tx: Tx, server: Server, input: TriggerInput): Promise<Triggered> {
  const repeated = input.requestKey ? await findRepeated(tx, input.requestKey) : null;
  if (repeated) return { run: repeated, isCached: false };

  const parent = await lockParent(tx, input);
  const candidate = candidateFor(server, input, await findTask(tx, input.taskId), parent);
  if (input.requestKey && !(await claimRequest(tx, input.requestKey, candidate.id))) {
    const claimed = await findRepeated(tx, input.requestKey);
    if (claimed) return { run: claimed, isCached: false };
  }
  const { run, isCached } = await insertDebounced(tx, {
    candidate,
    debounce: input.options.debounce,
    insert: () => insertOrFind(tx, candidate),
  });
  // A row may be there from a statement that stored the request but found the key taken.
  if (input.requestKey)
    await tx.query(
      "insert into request (key, result) values ($1, $2) on conflict (key) do update set result = excluded.result",
      [input.requestKey, run.id],
    );
  if (parent && input.options.resumeParentOnCompletion) {
    await blockRun(tx, parent, [{ waitpointId: await waitpointOfRun(tx, run) }]);
  }
  return { run, isCached };
}

function candidateFor(server: Server, input: TriggerInput, task: KnownTask | null, parent: Run | null): NewRun {
  return {
    ...newRun({
      taskId: input.taskId,
      payload: input.payload,
      options: input.options,
      now: input.createdAt ?? new Date(),
      task,
      parent,
      defaultTtl: server.settings.defaultTtl,
      traceparent: input.traceparent,
      source: input.source,
    }),
    one_time_token: input.oneTimeToken ?? null,
    schedule_id: input.scheduleId ?? null,
  };
}

/** Waits for a statement that is answering the same request at this moment. False when the request has its answer. */
async function claimRequest(tx: Tx, requestKey: string, runId: string): Promise<boolean> {
  const claimed = await tx.query(
    "insert into request (key, result) values ($1, $2) on conflict (key) do nothing returning 1",
    [requestKey, runId],
  );
  return claimed.length > 0;
}

async function findRepeated(tx: Tx, requestKey: string): Promise<Run | null> {
  // Two copies of one request may be under way at once: the second waits for the first here.
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [requestKey]);
  const [run] = await tx.query<Run>("select run.* from request join run on run.id = request.result where key = $1", [
    requestKey,
  ]);
  return run ?? null;
}

async function lockParent(tx: Tx, { taskId, options }: TriggerInput): Promise<Run | null> {
  if (!options.parentRunId) return null;
  const parent = await lockRun(tx, internal("run", options.parentRunId));
  if (!parent) {
    if (options.resumeParentOnCompletion) throw new Refusal(404, "Parent run not found");
    return null;
  }
  // Only who waits must still be able to go on: a run that is over may have started something just before.
  if (options.resumeParentOnCompletion && isFinal(parent.status)) {
    throw new Refusal(422, `Cannot trigger ${taskId} as the parent run has a status of ${parent.status}`);
  }
  return parent;
}

/** What is known of a run that was just made or found. */
export type InsertedRun = Pick<Run, "id" | "status" | "execution_status" | "output" | "output_type" | "error">;

export type Inserted = { run: InsertedRun; isCached: boolean };

/** The unique index on (task, key) decides between simultaneous callers: one inserts, the others find. */
export async function insertOrFind(tx: Tx, candidate: NewRun): Promise<Inserted> {
  for (;;) {
    const [inserted] = await insertRuns(tx, [candidate]);
    if (inserted) return { run: asInserted(inserted), isCached: false };
    const [existing] = await tx.query<Run>("select * from run where task_id = $1 and idempotency_key = $2 for update", [
      candidate.task_id,
      candidate.idempotency_key,
    ]);
    if (!existing) continue;
    const expired = existing.idempotency_key_expires_at !== null && existing.idempotency_key_expires_at <= new Date();
    if (!expired && !isFailure(existing.status)) return { run: existing, isCached: true };
    await tx.query("update run set idempotency_key = null where id = $1", [existing.id]);
  }
}

export function asInserted(run: NewRun): InsertedRun {
  return { ...run, output: null, error: null };
}
