import { Readable } from "node:stream";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { csvRecord } from "@/lib/csv";
import { db } from "@/lib/db/client";
import type { ImportReject } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { ImportNotFoundError } from "../errors";
import { cellsOf } from "./cells-of";
import { headerOf } from "./columns";
import { listRefused } from "./list-refused";

/** Spreadsheets take a CSV file without it for one in the local code page, and would save it mangled. */
const byteOrderMark = "\ufeff";

/**
 * The refused rows of an import as CSV, to be mended and uploaded again: of each its number, the field and the reason,
 * then its own cells under the headings of its file, or its JSON record in one cell. Read from the database as it is
 * taken, a page at a time.
 *
 * @throws NotAllowedError, ImportNotFoundError
 */
export async function openRefusedCsv({ actor, importId }: { actor: Actor; importId: ImportId }): Promise<{
  stream: ReadableStream<Uint8Array>;
  contentType: string;
  fileName: string;
}> {
  requireStaff(actor);
  const found = await db().import.findUnique({ where: { id: importId }, select: { columns: true } });
  if (!found) throw new ImportNotFoundError(importId);
  const pieces = Readable.from(encoded(refusedCsv(importId, found.columns)));
  return {
    stream: Readable.toWeb(pieces) as ReadableStream<Uint8Array>,
    contentType: "text/csv; charset=utf-8",
    fileName: `refused-rows-${importId}.csv`,
  };
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text);
}

async function* refusedCsv(importId: ImportId, columns: readonly string[]): AsyncGenerator<string> {
  yield byteOrderMark + csvRecord(headerOf(columns));
  for await (const rows of listRefused(importId)) yield rows.map((row) => recordOf(row, columns)).join("");
}

function recordOf({ rowNumber, field, reason, rawRow }: ImportReject, columns: readonly string[]): string {
  const own = columns.length > 0 ? cellsOf(columns, rawRow) : [JSON.stringify(rawRow)];
  return csvRecord([rowNumber, field ?? "", reason, ...own]);
}
