import { createHash } from "node:crypto";
import { db } from "@/lib/db/client";
import type { Import } from "@/lib/db/generated/client";
import { ImportType } from "../import-type";
import { importKinds } from "../kinds/kinds";
import { openSource } from "../source/open-source";
import type { Format } from "../source/sniff-format";
import { headingKey } from "../table/columns";
import { Mapping } from "../table/mapping";
import { readHead, type TableHead } from "./read-head";

/** How the file of an import begins. @throws UnreadableFileError, ObjectNotFoundError, TemporaryError */
export async function headOf({
  sourceKey: key,
  fileName,
  sourceEtag: etag,
}: Pick<Import, "sourceKey" | "fileName" | "sourceEtag">): Promise<TableHead & { format: Format }> {
  const source = await openSource({ key, fileName, etag });
  try {
    return { ...(await readHead(source)), format: source.format };
  } finally {
    source.close();
  }
}

/** What staff decided for an earlier file of this type with the same headings. */
export async function findRemembered(type: string, names: readonly string[]): Promise<Mapping | null> {
  const found = await db().importColumnMapping.findUnique({
    where: { type_headings: { type, headings: headingsKey(names) } },
  });
  return found && Mapping.parse(found.mapping);
}

/** Files of the same shape have the same. */
export function headingsKey(names: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify(names.map(headingKey)))
    .digest("hex");
}

/** True where staff decided something. */
export function isDecided({ columns, values }: Mapping): boolean {
  return Object.keys(columns).length > 0 || Object.keys(values).length > 0;
}

/**
 * An import whose file came from an address, where nobody could look at it before: it is read as staff decided for an
 * earlier file with the same headings, but for a date that they entered for all its rows, which was that file's own.
 * Decided before its first row, and kept with it.
 */
export async function takeRemembered(job: Import): Promise<Import> {
  if (job.sourceUrl === null || job.rowsRead > 0 || isDecided(Mapping.parse(job.mapping))) return job;
  const { names } = await headOf(job);
  const remembered = await findRemembered(job.type, names);
  if (!remembered) return job;
  const { fields } = importKinds[ImportType.parse(job.type)];
  const values = Object.entries(remembered.values).filter(([field]) => fields[field]?.fixed !== "date");
  const mapping = { ...remembered, values: Object.fromEntries(values) };
  return db().import.update({ where: { id: job.id }, data: { mapping } });
}
