import { plainCsvRecord } from "@/lib/csv";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import type { Source } from "../source/open-source";
import { cellsOf } from "./cells-of";
import { listRefused } from "./list-refused";
import { standAlone } from "./same-as-row";

/**
 * The refused rows of an import, as far as they stand alone, as a file to read: a CSV file with the headings that they
 * had, or a JSON array. It is written while it is read, with constant memory, and always the same: what an import refused
 * does not change, and one that goes on adds to the end. So nothing has to be stored, and a run that goes on finds each
 * row where it was.
 */
export async function openRefusedSource(importId: ImportId): Promise<Source> {
  const { columns } = await db().import.findUniqueOrThrow({ where: { id: importId }, select: { columns: true } });
  let bytesTotal = 0;
  for await (const piece of written(importId, columns)) bytesTotal += Buffer.byteLength(piece);
  let read = 0;
  async function* text(): AsyncGenerator<string> {
    for await (const piece of written(importId, columns)) {
      read += Buffer.byteLength(piece);
      yield piece;
    }
  }
  return {
    format: columns.length > 0 ? "csv" : "json",
    encoding: "utf-8",
    text: text(),
    bytesRead: () => read,
    bytesTotal,
    close: () => {},
  };
}

async function* written(importId: ImportId, columns: readonly string[]): AsyncGenerator<string> {
  if (columns.length > 0) {
    yield plainCsvRecord(columns);
    for await (const rows of listRefused(importId, standAlone))
      yield rows.map(({ rawRow }) => plainCsvRecord(cellsOf(columns, rawRow))).join("");
    return;
  }
  let before = "[";
  for await (const rows of listRefused(importId, standAlone)) {
    yield before + rows.map(({ rawRow }) => JSON.stringify(rawRow)).join(",");
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}
