import type { Tx } from "../db/database";
import { newId } from "./ids";
import type { ExecutionStatus, Run } from "./run";
import { updateRun } from "./run";

/** Which waitpoints ended a wait; index says which item of which batch. */
export type CompletedRef = { id: string; index?: number; batch?: string };

export type Snapshot = {
  id: string;
  run_id: string;
  execution_status: ExecutionStatus;
  run_status: Run["status"];
  description: string;
  attempt_number: number;
  previous_id: string | null;
  completed_waitpoints: CompletedRef[];
  created_at: Date;
};

type Transition = {
  to: ExecutionStatus;
  description: string;
  changes?: Partial<Run>;
  completed?: CompletedRef[];
};

/**
 * Moves a locked run into its next state: changes its columns and writes the snapshot that says so.
 * The worker names the newest snapshot in everything it sends, which makes late messages recognisable.
 */
export async function transition(tx: Tx, run: Run, { to, description, changes = {}, completed = [] }: Transition) {
  const id = newId();
  const updated = await updateRun(tx, run.id, { ...changes, execution_status: to, snapshot_id: id });
  const [snapshot] = await tx.query<Snapshot>(
    `insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number, previous_id, completed_waitpoints)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`,
    [id, run.id, to, updated.status, description, updated.attempt_number, run.snapshot_id, JSON.stringify(completed)],
  );
  if (!snapshot) throw new Error("insert returned no row");
  return { run: updated, snapshot };
}
