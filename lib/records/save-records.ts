import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";

/** Any JSON, under an id that somebody else gave it, in one of several datasets. `data` is JSON that Postgres can keep. */
export type RecordInput = { dataset: string; externalId: string; data: string };

export type SavedRecord = "created" | "updated" | "unchanged";

const keyOf = ({ dataset, externalId }: Pick<RecordInput, "dataset" | "externalId">) =>
  JSON.stringify([dataset, externalId]);

/** A record as it was: what `undoRecords` puts back. */
export type StoredRecord = { data: unknown; importId: string | null; updatedAt: Date };

/**
 * Keeps records; what is there under the same id is replaced where it is another, whatever the order of its names.
 * Answers with what was there before. One entry for each id; may be repeated.
 */
export async function saveRecords(
  tx: BulkTx,
  records: readonly RecordInput[],
  { now, importId }: { now: Date; importId: ImportId },
): Promise<{ outcome: SavedRecord; before: StoredRecord | null }[]> {
  // One writer at a time, so that what is found before is what is replaced.
  await tx.execute("select pg_advisory_xact_lock(hashtext('records.save-records'))");
  const before = await findOthers(tx, records);
  const rows = await tx.query<{ dataset: string; externalId: string; isNew: boolean }>(
    `insert into dataset_record (dataset, external_id, data, import_id, created_at, updated_at)
     select dataset, external_id, data::jsonb, $4, $5, $5
     from unnest($1::text[], $2::text[], $3::text[]) as given (dataset, external_id, data)
     on conflict (dataset, external_id) do update
       set data = excluded.data, import_id = excluded.import_id, updated_at = excluded.updated_at
       where dataset_record.data is distinct from excluded.data
     returning dataset, external_id as "externalId", xmax = 0 as "isNew"`, // xmax: no transaction has replaced the row
    [...columnsOf(records), importId, now],
  );
  const written = new Map(rows.map((row) => [keyOf(row), row.isNew]));
  return records.map((record) => {
    const isNew = written.get(keyOf(record));
    if (isNew === undefined) return { outcome: "unchanged", before: null };
    return isNew
      ? { outcome: "created", before: null }
      : { outcome: "updated", before: before.get(keyOf(record)) ?? null };
  });
}

/** How many bytes are there under the ids of these, as JSON. */
export async function findSizes(tx: BulkTx, records: readonly RecordInput[]): Promise<number[]> {
  const rows = await tx.query<{ place: string; bytes: number }>(
    `select place, octet_length(dataset_record.data::text) as bytes
     from unnest($1::text[], $2::text[]) with ordinality as given (dataset, external_id, place)
     join dataset_record using (dataset, external_id)`,
    columnsOf(records).slice(0, 2),
  );
  const byPlace = new Map(rows.map(({ place, bytes }) => [Number(place) - 1, bytes]));
  return records.map((_, index) => byPlace.get(index) ?? 0);
}

/** Those that are there and say something else. */
async function findOthers(tx: BulkTx, records: readonly RecordInput[]): Promise<Map<string, StoredRecord>> {
  const rows = await tx.query<StoredRecord & Pick<RecordInput, "dataset" | "externalId">>(
    `select dataset, external_id as "externalId", dataset_record.data, import_id as "importId", updated_at as "updatedAt"
     from unnest($1::text[], $2::text[], $3::text[]) as given (dataset, external_id, data)
     join dataset_record using (dataset, external_id) where dataset_record.data <> given.data::jsonb`,
    columnsOf(records),
  );
  return new Map(rows.map(({ data, importId, updatedAt, ...row }) => [keyOf(row), { data, importId, updatedAt }]));
}

/** A record that was written at `at`, and what was there before, as JSON. */
export type WrittenRecord = Pick<RecordInput, "dataset" | "externalId"> & { before: StoredRecord | null; at: Date };

/** Puts records back that are still as they were written by this import; answers for each whether it was. */
export async function undoRecords(
  tx: BulkTx,
  records: readonly WrittenRecord[],
  importId: ImportId,
): Promise<boolean[]> {
  await tx.execute("select pg_advisory_xact_lock(hashtext('records.save-records'))");
  const mine = `where record.dataset = given.dataset and record.external_id = given.external_id
    and record.updated_at = given.at and record.import_id = $4`;
  const given = (some: readonly WrittenRecord[]) => [
    some.map(({ dataset }) => dataset),
    some.map(({ externalId }) => externalId),
    some.map(({ at }) => at),
    importId,
  ];
  const added = records.filter(({ before }) => before === null);
  const replaced = records.filter(({ before }) => before !== null);
  const returning = `returning record.dataset, record.external_id as "externalId"`;
  const removed = await tx.query<Pick<RecordInput, "dataset" | "externalId">>(
    `delete from dataset_record record
     using unnest($1::text[], $2::text[], $3::timestamptz[]) as given (dataset, external_id, at) ${mine} ${returning}`,
    given(added),
  );
  const restored = await tx.query<Pick<RecordInput, "dataset" | "externalId">>(
    `update dataset_record record set data = given.data::jsonb, import_id = given.import_id, updated_at = given.updated_at
     from unnest($1::text[], $2::text[], $3::timestamptz[], $5::text[], $6::text[], $7::timestamptz[])
       as given (dataset, external_id, at, data, import_id, updated_at) ${mine} ${returning}`,
    [
      ...given(replaced),
      replaced.map(({ before }) => JSON.stringify(before?.data)),
      replaced.map(({ before }) => before?.importId ?? null),
      replaced.map(({ before }) => before?.updatedAt),
    ],
  );
  const back = new Set([...removed, ...restored].map(keyOf));
  return records.map((record) => back.has(keyOf(record)));
}

/** What is there under the ids of these: the beginning of it as JSON, and whether it is the same. */
export async function compareRecords(
  tx: BulkTx,
  records: readonly RecordInput[],
): Promise<({ data: string; isSame: boolean } | undefined)[]> {
  const rows = await tx.query<{ place: string; data: string; isSame: boolean }>(
    `select place, left(dataset_record.data::text, 200) as data, dataset_record.data = given.data::jsonb as "isSame"
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given (dataset, external_id, data, place)
     join dataset_record using (dataset, external_id)`,
    columnsOf(records),
  );
  const byPlace = new Map(rows.map(({ place, ...row }) => [Number(place) - 1, row]));
  return records.map((_, index) => byPlace.get(index));
}

function columnsOf(records: readonly RecordInput[]): string[][] {
  return [
    records.map(({ dataset }) => dataset),
    records.map(({ externalId }) => externalId),
    records.map(({ data }) => data),
  ];
}
