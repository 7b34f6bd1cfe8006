import { isConflict, isUnreachable, type Tx } from "../db/database";
import { pause } from "../db/listener";
import type { BulkAction } from "./bulk-actions";
import { cancelLocked } from "./cancel-run";
import type { Server } from "./context";
import { listRuns, readRunFilter } from "./list-runs";
import { replayIn } from "./replay-run";
import { lockRun, type Run } from "./run";

/** Who is to be woken when there is a new bulk action. */
export type BulkWaker = { wake: () => void };

/** Works through bulk actions until the server closes. Several servers may do it: a row is one server's at a time. */
export class BulkRunner implements BulkWaker {
  #wake = () => {};
  #isWoken = false;

  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  start(server: Server): { done: Promise<void> } {
    const loop = async () => {
      while (!server.closing.aborted) {
        this.#isWoken = false;
        try {
          while (!server.closing.aborted && (await takeStep(server)));
        } catch (error) {
          if (!server.closing.aborted && !isUnreachable(error))
            console.error("trigger-local: a bulk action failed and is tried again", error);
        }
        if (!this.#isWoken)
          await pause(server.settings.pollMs, server.closing, (resolve) => {
            this.#wake = resolve;
          });
      }
    };
    return { done: loop() };
  }
}

type Step = Pick<BulkAction, "id" | "type" | "filter" | "last_run_id"> & { next_id: string | null };

/**
 * One run of the oldest bulk action, with how far the action is, in one transaction: a server that dies leaves no run
 * cancelled but not counted, and none replayed twice. False when there is nothing to do.
 */
async function takeStep(server: Server): Promise<boolean> {
  return server.db.transaction(async (tx) => {
    // Of thousands of ids only the next one.
    const [bulk] = await tx.query<Step>(
      `select id, type, filter, last_run_id, run_ids[position + 1] as next_id from bulk_action
       where status = 'PENDING' order by seq limit 1 for update skip locked`,
    );
    if (!bulk) return false;
    if (bulk.next_id !== null) {
      await treat(tx, server, bulk, await lockRun(tx, bulk.next_id));
      return true;
    }
    const next = bulk.filter === null ? undefined : await nextMatching(tx, bulk.filter, bulk.last_run_id);
    if (next) await treat(tx, server, bulk, await lockRun(tx, next.id));
    else
      await tx.query("update bulk_action set status = 'COMPLETED', completed_at = clock_timestamp() where id = $1", [
        bulk.id,
      ]);
    return true;
  });
}

async function nextMatching(tx: Tx, filter: string, last: string | null): Promise<Run | undefined> {
  const page = { pageSize: 1, after: last ?? undefined, before: undefined };
  const { runs } = await listRuns(tx, { ...readRunFilter(new URLSearchParams(filter)), ...page });
  return runs[0];
}

async function treat(tx: Tx, server: Server, bulk: Step, run: Run | null): Promise<void> {
  const touched = run ? await tryOn(tx, server, bulk, run) : null;
  if (touched)
    await tx.query("insert into bulk_action_run (bulk_action_id, run_id) values ($1, $2) on conflict do nothing", [
      bulk.id,
      touched.id,
    ]);
  const counter = touched ? "succeeded" : "failed";
  await tx.query(
    `update bulk_action set position = position + 1, last_run_id = $2, ${counter} = ${counter} + $3 where id = $1`,
    // Somebody who names a run that is not there does not make the action fail.
    [bulk.id, run?.id ?? bulk.last_run_id, run ? 1 : 0],
  );
}

/** The run that was cancelled or made; null when it was over already, or refused. */
async function tryOn(tx: Tx, server: Server, bulk: Step, run: Run): Promise<Pick<Run, "id"> | null> {
  await tx.query("savepoint one_run");
  try {
    if (bulk.type === "REPLAY") return await replayIn(tx, server, run, {});
    return run.execution_status === "FINISHED" ? null : await cancelLocked(tx, run);
  } catch (error) {
    // Tried again with the whole step.
    if (isUnreachable(error) || isConflict(error)) throw error;
    await tx.query("rollback to savepoint one_run");
    return null;
  }
}
