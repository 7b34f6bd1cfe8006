import { z } from "zod";
import {
  compareRecords,
  findSizes,
  type RecordInput,
  type SavedRecord,
  type StoredRecord,
  saveRecords,
  undoRecords,
} from "@/lib/records/save-records";
import { shortened } from "@/lib/text-input";
import { inRounds } from "../in-rounds";
import type { ImportKind, Saved } from "../kinds/import-kind";
import { readRecords, recordFields } from "./read-records";

const Subject = z.tuple([z.string(), z.string()]);
const subjectOf = ({ dataset, externalId }: Pick<RecordInput, "dataset" | "externalId">) =>
  JSON.stringify([dataset, externalId]);

/** Any JSON under an id of somebody else's: what has no place of its own in the store. */
export const recordsKind: ImportKind<RecordInput> = {
  title: "Records",
  about: "Anything else: any JSON, or the rows of a table, each kept whole under an id of its own.",
  fields: recordFields,
  read: readRecords,
  save: (tx, records, context) =>
    inRounds(records, subjectOf, async (round): Promise<Saved[]> => {
      const results = await saveRecords(tx, round, context);
      return results.map(({ outcome, before }, index) => {
        const subject = subjectOf(round[index] as RecordInput);
        return { outcome, adjusted: [], changes: outcome === "unchanged" ? [] : [{ subject, before }] };
      });
    }),
  sizesBefore: findSizes,
  async preview(tx, records) {
    const known = await compareRecords(tx, records);
    return records.map(({ data }, index) => {
      const before = known[index];
      const outcome: SavedRecord = !before ? "created" : before.isSame ? "unchanged" : "updated";
      const describe = () => [{ what: "Record", from: shortened(before?.data ?? ""), to: shortened(data) }];
      return { outcome, adjusted: [], describe };
    });
  },
  async undo(tx, changes, { importId }) {
    const records = changes.map(({ subject, before, at }) => {
      const [dataset, externalId] = Subject.parse(JSON.parse(subject));
      return { dataset, externalId, before: before as StoredRecord | null, at };
    });
    const done = await undoRecords(tx, records, importId);
    return done.map((isBack) => (isBack ? null : "The record was changed since, and was left as it is."));
  },
  nameOf: ({ dataset, externalId }) => ({ handle: externalId, title: `${externalId} of ${dataset}` }),
};
