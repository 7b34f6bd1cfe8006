import type { Database } from "../db/database";
import type { Run } from "./run";
import type { Snapshot } from "./snapshots";

export type DataField = "payload" | "output" | "metadata";
/** A run with only the beginning of its data, and how many bytes there are. */
export type RunView = Run & {
  payload_bytes: number | null;
  output_bytes: number | null;
  metadata_bytes: number | null;
};

export const shownMax = 100_000;

const columns = `id, number, version, task_id, status, execution_status, snapshot_id, queue, concurrency_key, priority_ms, queue_time,
  available_at, worker_id, worker_version, locked_to_version, payload_type, output_type, error, metadata_type, tags, is_test, replayed_from,
  ttl, created_at, updated_at, queued_at, delay_until, started_at, executed_at, attempt_started_at, completed_at, expired_at,
  attempt_number, max_attempts, max_duration, machine, idempotency_key, idempotency_key_expires_at, idempotency_key_options, parent_id,
  root_id, depth, resume_parent, batch_id, batch_index, schedule_id, usage_duration_ms, trace_context, annotations, one_time_token,
  realtime_streams, resume_ready_at, session_id, ${(["payload", "output", "metadata"] as const)
    .map((name) => `left(${name}, ${shownMax}) as ${name}, octet_length(${name}) as ${name}_bytes`)
    .join(", ")}`;

export async function findRunView(db: Pick<Database, "query">, id: string): Promise<RunView | null> {
  const [run] = await db.query<RunView>(`select ${columns} from run where id = $1`, [id]);
  return run ?? null;
}

const snapshotsMax = 1_000;

export async function listSnapshots(db: Pick<Database, "query">, runId: string): Promise<Snapshot[]> {
  return db.query<Snapshot>(`select * from snapshot where run_id = $1 order by seq limit ${snapshotsMax}`, [runId]);
}

/** What a run waits for at this moment. */
export type Waiting = {
  id: string;
  type: "RUN" | "DATETIME" | "MANUAL" | "BATCH";
  run_id: string | null;
  batch_id: string | null;
  completed_after: Date | null;
};

export async function listWaiting(db: Pick<Database, "query">, runId: string): Promise<Waiting[]> {
  return db.query<Waiting>(
    `select waitpoint.id, type, waitpoint.run_id, waitpoint.batch_id, completed_after
     from run_wait join waitpoint on waitpoint.id = waitpoint_id
     where run_wait.run_id = $1 and waitpoint.status = 'PENDING' order by waitpoint.seq limit 20`,
    [runId],
  );
}

export type StreamView = { key: string; parts: number; last: string[] };

/**
 * The streams of a run, also those into it, with their last parts. Keys are found by leaps through the index and parts
 * are numbered without gaps, so nothing has to be counted.
 */
export async function listStreams(db: Pick<Database, "query">, run: Run): Promise<StreamView[]> {
  return db.query<StreamView>(
    `with recursive written as (
       select min(key) as key from stream_chunk where run_id = $1
       union all select (select min(key) from stream_chunk where run_id = $1 and key > written.key) from written where written.key is not null)
     select keys.key, coalesce(tail.parts, 0)::int as parts, coalesce(tail.last, '{}') as last
     from (select key from written where key is not null union select unnest($2::text[])) as keys left join lateral (
       select max(seq) + 1 as parts, array_agg(left(data, 300) order by seq) as last
       from (select seq, data from stream_chunk where run_id = $1 and key = keys.key order by seq desc limit 5) as newest) as tail on true
     order by keys.key limit 50`,
    [run.id, run.realtime_streams],
  );
}

export type WholeData = { data: Buffer; type: string };

/** All of a run's payload, output or metadata, also when it was offloaded. */
export async function readWholeData(
  db: Pick<Database, "query">,
  id: string,
  field: DataField,
): Promise<WholeData | null> {
  const [row] = await db.query<{ data: string | null; type: string }>(
    `select ${field} as data, ${field}_type as type from run where id = $1`,
    [id],
  );
  if (!row || row.data === null) return null;
  if (row.type !== "application/store") return { data: Buffer.from(row.data), type: row.type };
  const [packet] = await db.query<{ data: Buffer; content_type: string }>(
    "select data, content_type from packet where path = $1",
    [row.data],
  );
  return packet ? { data: packet.data, type: packet.content_type } : null;
}

/** The beginning of an offloaded packet, and its size. */
export async function readPacketHead(db: Pick<Database, "query">, path: string) {
  const [packet] = await db.query<{ head: Buffer; bytes: number; content_type: string }>(
    `select substring(data from 1 for ${shownMax}) as head, octet_length(data) as bytes, content_type from packet where path = $1`,
    [path],
  );
  return packet ?? null;
}
