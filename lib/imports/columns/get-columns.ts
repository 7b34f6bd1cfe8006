import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { shortened } from "@/lib/text-input";
import { ImportNotFoundError, ImportStateError } from "../errors";
import { ImportType } from "../import-type";
import { importKinds } from "../kinds/kinds";
import type { Format } from "../source/sniff-format";
import { type Columns, isKnown, matchColumns } from "../table/columns";
import type { Fields } from "../table/fields";
import { Mapping } from "../table/mapping";
import { canMap } from "./can-map";
import type { TableHead } from "./read-head";
import { findRemembered, headOf, isDecided } from "./remembered";

/** The columns of an uploaded file, and what is proposed that each of them says. */
export type FileColumns = TableHead & {
  format: Format;
  fileName: string;
  type: ImportType;
  fields: Fields;
  /** By field: the heading it is read under, or what all rows say. A field that is not named is not read. */
  proposal: Mapping;
  /** Whether staff decided so for a file with the same headings. */
  isRemembered: boolean;
  /** Fields that cannot be left out and are not found. */
  missing: string[];
};

/** Enough to see what a column is. */
const cellMax = 200;

/**
 * How the file of an import begins, and what its columns seem to be: as staff decided for this import, or for an earlier
 * file with the same headings, or by the headings themselves. Reads a few kilobytes.
 *
 * @throws NotAllowedError, ImportNotFoundError, ImportStateError for one that was begun, ObjectNotFoundError where the
 *   file has not arrived, UnreadableFileError.
 */
export async function getColumns({ actor, importId }: { actor: Actor; importId: ImportId }): Promise<FileColumns> {
  requireStaff(actor);
  const known = await db().import.findUnique({ where: { id: importId } });
  if (!known) throw new ImportNotFoundError(importId);
  if (!canMap(known)) throw new ImportStateError(importId, known.status, "read in another way");
  const head = await headOf(known);
  const type = ImportType.parse(known.type);
  const { fields } = importKinds[type];
  const own = Mapping.parse(known.mapping);
  const remembered = isDecided(own) ? null : await findRemembered(type, head.names);
  const mapping = remembered ?? own;
  const columns = matchColumns(head.names, fields, mapping);
  const proposed = headingsOf(columns, head.names);
  const values = Object.entries(mapping.values).filter(([field]) => proposed[field] === undefined);
  return {
    ...head,
    rows: head.rows.map((cells) => cells.map((text) => shortened(text, cellMax))),
    fileName: known.fileName,
    type,
    fields,
    proposal: { columns: proposed, values: Object.fromEntries(values) },
    isRemembered: remembered !== null,
    missing: Object.keys(fields).filter((field) => fields[field]?.isRequired && !isKnown(columns, field)),
  };
}

/** Each heading as the file writes it. */
function headingsOf({ at }: Columns<string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(at).flatMap(([field, index]): [string, string][] => {
      const name = index === undefined ? undefined : names[index];
      return name === undefined ? [] : [[field, name]];
    }),
  );
}
