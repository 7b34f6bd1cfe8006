import type { Tx } from "../db/database";
import { failureStatuses } from "./status";

/** Which rows of a table may be old, and which of those nobody needs. The texts are SQL; they name columns by their table. */
export type Removable = {
  table: string;
  key: string;
  /** The age of a row counts from here. An index begins with this column and the key. */
  since: string;
  /** The rows that have an age at all, as the index says it. */
  scope: string;
  /** What must be true of a row besides its age. */
  unneeded: string;
  /** Removes rows beside those given. False when there are too many for one transaction: it is called again. */
  clear?: (tx: Tx, keys: string[]) => Promise<boolean>;
};

const chunksMax = 2_000;
const quoted = (values: readonly string[]) => values.map((value) => `'${value}'`).join(", ");

/** Waitpoints whose outcome the worker of a run may still come to fetch. */
const told = `select ref ->> 'id' from run waiter join snapshot on snapshot.id = waiter.snapshot_id,
    jsonb_array_elements(snapshot.completed_waitpoints) ref
  where waiter.execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL')`;

/**
 * A child stays as long as its parent: the parent's next attempt may ask for it. A run with a live
 * idempotency key stays as long as the key: who triggers again must find it. A failed run holds its key no more.
 */
const runs: Removable = {
  table: "run",
  key: "id",
  since: "completed_at",
  scope: "run.execution_status = 'FINISHED'",
  unneeded: `not exists (select 1 from run parent where parent.id = run.parent_id)
    and (run.idempotency_key is null or run.idempotency_key_expires_at <= now() or run.status in (${quoted(failureStatuses)}))
    and not exists (select 1 from waitpoint where waitpoint.run_id = run.id
      and (exists (select 1 from run_wait where run_wait.waitpoint_id = waitpoint.id) or waitpoint.id in (${told})))`,
  clear: async (tx, ids) => {
    for (const table of ["stream_chunk", "span", "log_line"]) {
      const rows = await tx.query(
        `delete from ${table} where ctid = any(array(select ctid from ${table} where run_id = any($1) limit $2)) returning 1`,
        [ids, chunksMax],
      );
      if (rows.length === chunksMax) return false;
    }
    await tx.query("delete from snapshot where run_id = any($1)", [ids]);
    await tx.query("delete from waitpoint where run_id = any($1)", [ids]);
    await tx.query("delete from waitpoint where stream_run_id = any($1) and status = 'PENDING'", [ids]);
    return true;
  },
};

/** The key of a batch has no end of its own; it is good for the 30 days that keys have when nobody says otherwise. */
const batches: Removable = {
  table: "batch",
  key: "id",
  since: "created_at",
  scope: "true",
  unneeded: `not exists (select 1 from run parent where parent.id = batch.parent_id)
    and not exists (select 1 from batch_item join run on run.id = batch_item.run_id where batch_item.batch_id = batch.id)
    and (batch.idempotency_key is null or batch.created_at <= now() - interval '30 days')`,
};

/** Dates, tokens and batches that were waited for. Those of runs go with their run. */
const waitpoints: Removable = {
  table: "waitpoint",
  key: "id",
  since: "completed_at",
  scope: "waitpoint.run_id is null and waitpoint.status = 'COMPLETED'",
  unneeded: `(waitpoint.idempotency_key is null or waitpoint.key_expires_at <= now())
    and not exists (select 1 from run_wait where run_wait.waitpoint_id = waitpoint.id)
    and waitpoint.id not in (${told})`,
};

const requests: Removable = { table: "request", key: "key", since: "created_at", scope: "true", unneeded: "true" };

/** A replay shares the packet of the first run. */
const packets: Removable = {
  table: "packet",
  key: "path",
  since: "created_at",
  scope: "true",
  unneeded: `not exists (select 1 from run where run.payload_type = 'application/store' and run.payload = packet.path)
    and not exists (select 1 from run where run.output_type = 'application/store' and run.output = packet.path)
    and not exists (select 1 from waitpoint where waitpoint.output_type = 'application/store' and waitpoint.output = packet.path)`,
};

const bulkActions: Removable = {
  table: "bulk_action",
  key: "id",
  since: "created_at",
  scope: "true",
  unneeded: "bulk_action.status <> 'PENDING'",
};

/** Everything that is removed with time, whoever refers to others first. */
export const removables: Removable[] = [requests, runs, batches, waitpoints, packets, bulkActions];
