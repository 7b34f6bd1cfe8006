import type { Tx } from "../db/database";
import { newId } from "./ids";
import type { ExecutionStatus, Run } from "./run";
import { assignmentsOf } from "./run";

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

/** What the snapshot says with which an attempt begins. */
export const attemptCreated = "Attempt created, starting execution";

type Transition = {
  to: ExecutionStatus;
  description: string;
  changes?: Partial<Run>;
  completed?: CompletedRef[];
};

/**
 * Moves a locked run into its next state: changes its columns and writes the snapshot that says so, in one statement.
 * The worker names the newest snapshot in everything it sends, which makes late messages recognisable.
 */
export async function transition(tx: Tx, run: Run, { to, description, changes = {}, completed = [] }: Transition) {
  const id = newId();
  const { assignments, values } = assignmentsOf({ ...changes, execution_status: to, snapshot_id: id }, 6);
  const [row] = await tx.query<Run & { snapshot_created_at: Date }>(
    `with changed as (update run set ${assignments} where id = $1 returning *),
       written as (
         insert into snapshot (id, run_id, execution_status, run_status, description, attempt_number, previous_id, completed_waitpoints)
         select $2, id, execution_status, status, $3, attempt_number, $4, $5::jsonb from changed returning created_at)
     select changed.*, written.created_at as snapshot_created_at from changed, written`,
    [run.id, id, description, run.snapshot_id, JSON.stringify(completed), ...values],
  );
  if (!row) throw new Error(`Run ${run.id} disappeared while its lock was held`);
  const { snapshot_created_at, ...updated } = row;
  const snapshot: Snapshot = {
    id,
    run_id: run.id,
    execution_status: to,
    run_status: updated.status,
    description,
    attempt_number: updated.attempt_number,
    previous_id: run.snapshot_id,
    completed_waitpoints: completed,
    created_at: snapshot_created_at,
  };
  return { run: updated, snapshot };
}
