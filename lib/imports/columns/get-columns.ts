import { createHash } from "node:crypto";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { ImportNotFoundError, ImportStateError } from "../errors";
import { ImportType } from "../import-type";
import { importKinds } from "../kinds/kinds";
import { openSource } from "../source/open-source";
import type { Format } from "../source/sniff-format";
import { type Columns, isKnown, matchColumns } from "../table/columns";
import type { Fields } from "../table/fields";
import { Mapping } from "../table/mapping";
import { canMap } from "./can-map";
import { readHead, type TableHead } from "./read-head";

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
  const remembered = await db().importColumnMapping.findUnique({
    where: { type_headings: { type, headings: headingsKey(head.names) } },
  });
  const own = Mapping.parse(known.mapping);
  const isOwn = Object.keys(own.columns).length > 0;
  const mapping = isOwn ? own : Mapping.parse(remembered?.mapping ?? {});
  const columns = matchColumns(head.names, fields, mapping);
  return {
    ...head,
    fileName: known.fileName,
    type,
    fields,
    proposal: { columns: headingsOf(columns, head.names), values: mapping.values },
    isRemembered: !isOwn && remembered !== null,
    missing: Object.keys(fields).filter((field) => fields[field]?.isRequired && !isKnown(columns, field)),
  };
}

async function headOf({ sourceKey: key, fileName, sourceEtag: etag }: Import): Promise<TableHead & { format: Format }> {
  const source = await openSource({ key, fileName, etag });
  try {
    return { ...(await readHead(source)), format: source.format };
  } finally {
    source.close();
  }
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

/** Files of the same shape have the same. */
export function headingsKey(names: readonly string[]): string {
  const headings = names.map((name) => name.trim().toLowerCase());
  return createHash("sha256").update(JSON.stringify(headings)).digest("hex");
}
