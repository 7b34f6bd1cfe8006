import type { Currency } from "@/lib/money/money";
import type { Candidate } from "./candidate";
import { UnreadableFileError } from "./errors";
import { csvRecords } from "./formats/csv-records";
import { jsonRecords } from "./formats/json-records";
import { ndjsonRecords } from "./formats/ndjson-records";
import { asRecords, readJson } from "./json/read-json";
import { readCsv } from "./read-csv";
import type { Source } from "./source/open-source";

/**
 * What the file says, piece by piece in its order, whatever its format; rows up to `after` are skipped. `onColumns` hears
 * the headings that the rows of a CSV file are kept by, before its first piece.
 */
export function readCandidates(
  source: Pick<Source, "format" | "text">,
  options: { currency: Currency; after: number; onColumns?: (names: readonly string[]) => Promise<void> },
): AsyncGenerator<Candidate> {
  switch (source.format) {
    case "csv":
      return readCsv(csvRecords(source.text), options);
    case "json":
      return readJson(asRecords(jsonRecords(source.text)), options);
    case "ndjson":
      return readJson(ndjsonRecords(source.text), options);
  }
}

/**
 * Pieces in portions of about `rows` rows: what is stored together. Where the file cannot be read any further, what was
 * read before is still given.
 */
export async function* inChunks(candidates: AsyncIterable<Candidate>, rows: number): AsyncGenerator<Candidate[]> {
  let chunk: Candidate[] = [];
  let size = 0;
  try {
    for await (const candidate of candidates) {
      chunk.push(candidate);
      size += Math.max(1, candidate.rows.length + candidate.notes.length);
      if (size < rows) continue;
      yield chunk;
      chunk = [];
      size = 0;
    }
  } catch (error) {
    if (error instanceof UnreadableFileError && chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}
