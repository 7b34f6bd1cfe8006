import type { Database, Tx } from "../db/database";
import { notifyStream } from "../db/notify";
import { newId } from "../engine/ids";

/** One part of a stream; `data` is JSON text. */
export type StreamPart = { seq: number; id: string; data: string; created_at: Date };

/** Where parts come from: a writer that numbers its own parts may send one twice without doubling it. */
export type PartSource = { writer: string; firstIndex: number };

/** Adds parts at the end of a stream. One writer at a time: numbers have no gaps and parts keep their order. */
export async function appendParts(
  tx: Tx,
  runId: string,
  key: string,
  parts: string[],
  source?: PartSource,
): Promise<void> {
  await lockStream(tx, runId, key);
  await tx.query(
    `insert into stream_chunk (run_id, key, seq, id, data, writer, writer_seq)
     select $1, $2, (select coalesce(max(seq) + 1, 0) from stream_chunk where run_id = $1 and key = $2) + row_number() over (order by new.n) - 1,
       new.id, new.data, $5, $6 + new.n - 1
     from unnest($3::text[], $4::text[]) with ordinality as new (id, data, n)
     where $5::text is null or not exists
       (select 1 from stream_chunk where run_id = $1 and key = $2 and writer = $5 and writer_seq = $6 + new.n - 1)`,
    [runId, key, parts.map(() => newId().slice(-7)), parts, source?.writer ?? null, source?.firstIndex ?? 0],
  );
  notifyStream(tx, runId, key);
}

/** Held until the transaction ends, by whoever adds a part or decides by what is there. */
export async function lockStream(tx: Tx, runId: string, key: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 2))", [`${runId}/${key}`]);
}

/** Parts after a number, oldest first, a bounded amount at once. */
export async function readParts(
  db: Pick<Database, "query">,
  runId: string,
  key: string,
  after: number,
): Promise<StreamPart[]> {
  return db.query<StreamPart>(
    "select seq, id, data, created_at from stream_chunk where run_id = $1 and key = $2 and seq > $3 order by seq limit 500",
    [runId, key, after],
  );
}

export async function lastSeq(db: Pick<Database, "query">, runId: string, key: string): Promise<number> {
  const [row] = await db.query<{ seq: number }>(
    "select coalesce(max(seq), -1) as seq from stream_chunk where run_id = $1 and key = $2",
    [runId, key],
  );
  return row?.seq ?? -1;
}

/** The number of the last part this writer got through; -1 for none. */
export async function lastWritten(
  db: Pick<Database, "query">,
  runId: string,
  key: string,
  writer: string,
): Promise<number> {
  const [row] = await db.query<{ seq: number }>(
    "select coalesce(max(writer_seq), -1) as seq from stream_chunk where run_id = $1 and key = $2 and writer = $3",
    [runId, key, writer],
  );
  return row?.seq ?? -1;
}

/** Input streams live beside the output streams of their run, under a name no output stream can have. */
export const inputKey = (streamId: string) => `$input/${streamId}`;
