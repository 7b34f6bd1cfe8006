import { compareRecords, type RecordInput, type SavedRecord, saveRecords } from "@/lib/records/save-records";
import { shortened } from "@/lib/text-input";
import type { ImportKind, Saved } from "../kinds/import-kind";
import { wavesBy } from "../waves";
import { readRecords, recordFields } from "./read-records";

/** Any JSON under an id of somebody else's: what has no place of its own in the store. */
export const recordsKind: ImportKind<RecordInput> = {
  title: "Records",
  about: "Anything else: any JSON, or the rows of a table, each kept whole under an id of its own.",
  fields: recordFields,
  read: readRecords,
  async save(tx, records, context) {
    const results: Saved[] = [];
    const keyOf = ({ dataset, externalId }: RecordInput) => JSON.stringify([dataset, externalId]);
    for (const wave of wavesBy(records, keyOf))
      results.push(...(await saveRecords(tx, wave, context)).map((outcome) => ({ outcome, adjusted: [] })));
    return results;
  },
  async preview(tx, records) {
    const known = await compareRecords(tx, records);
    return records.map(({ data }, index) => {
      const before = known[index];
      const outcome: SavedRecord = !before ? "created" : before.isSame ? "unchanged" : "updated";
      const describe = () => [{ what: "Record", from: shortened(before?.data ?? ""), to: shortened(data) }];
      return { outcome, adjusted: [], describe };
    });
  },
  nameOf: ({ dataset, externalId }) => ({ handle: externalId, title: `${externalId} of ${dataset}` }),
};
