import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";

/** Any JSON, under an id that somebody else gave it, in one of several datasets. `data` is JSON that Postgres can keep. */
export type RecordInput = { dataset: string; externalId: string; data: string };

export type SavedRecord = "created" | "updated" | "unchanged";

const keyOf = ({ dataset, externalId }: Pick<RecordInput, "dataset" | "externalId">) =>
  JSON.stringify([dataset, externalId]);

/**
 * Keeps records; what is there under the same id is replaced where it is another, whatever the order of its names.
 * One entry for each id; may be repeated.
 */
export async function saveRecords(
  tx: BulkTx,
  records: readonly RecordInput[],
  { now, importId }: { now: Date; importId: ImportId },
): Promise<SavedRecord[]> {
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
    if (isNew === undefined) return "unchanged";
    return isNew ? "created" : "updated";
  });
}

/** What is there under the ids of these: as JSON, and whether it is the same. */
export async function compareRecords(
  tx: BulkTx,
  records: readonly RecordInput[],
): Promise<({ data: string; isSame: boolean } | undefined)[]> {
  const rows = await tx.query<{ place: string; data: string; isSame: boolean }>(
    `select place, dataset_record.data::text as data, dataset_record.data = given.data::jsonb as "isSame"
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
