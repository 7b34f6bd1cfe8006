import type { Currency } from "@/lib/money/money";
import type { Candidate, RowNote } from "./candidate";
import { UnreadableFileError } from "./errors";
import { csvRecords } from "./formats/csv-records";
import { jsonRecords } from "./formats/json-records";
import { ndjsonRecords } from "./formats/ndjson-records";
import { readJson } from "./json/read-json";
import { readCsv } from "./read-csv";
import type { Source } from "./source/open-source";

type Text = Pick<Source, "format" | "encoding" | "text">;
type Options = { currency: Currency; after: number; onColumns?: (names: readonly string[]) => Promise<void> };

/**
 * What the file says, piece by piece in its order, whatever its format; rows up to `after` are skipped. An encoding
 * that was guessed is said of row 1. `onColumns` hears the headings that the rows of a CSV file are kept by, before its
 * first piece.
 */
export async function* readCandidates(source: Text, options: Options): AsyncGenerator<Candidate> {
  let isGuessUntold = source.encoding === "windows-1252" && options.after === 0;
  for await (const candidate of readFormat(source, options)) {
    if (isGuessUntold) candidate.notes.unshift(guessedEncoding);
    isGuessUntold = false;
    yield candidate;
  }
}

const guessedEncoding: RowNote = {
  rowNumber: 1,
  severity: "adjusted",
  reason:
    "The file is not in UTF-8 and was read as Windows-1252 (Latin-1). Look whether letters such as ä, é and € are right.",
};

function readFormat(source: Text, options: Options): AsyncGenerator<Candidate> {
  switch (source.format) {
    case "csv":
      return readCsv(csvRecords(source.text), options);
    case "json":
      return readJson(jsonRecords(source.text), options);
    case "ndjson":
      return readJson(ndjsonRecords(source.text), options);
  }
}

/** A portion of rows this long is large enough whatever their number, and small against memory. */
const chunkCharactersMax = 4 * 1024 * 1024;

/**
 * Pieces in portions of about `rows` rows, or fewer where the rows are long: what is stored together. Where the file
 * cannot be read any further, what was read before is still given.
 */
export async function* inChunks(candidates: AsyncIterable<Candidate>, rows: number): AsyncGenerator<Candidate[]> {
  let chunk: Candidate[] = [];
  let size = 0;
  let characters = 0;
  try {
    for await (const candidate of candidates) {
      chunk.push(candidate);
      size += Math.max(1, candidate.rows.length + candidate.notes.length);
      characters += candidate.lengthCharacters;
      if (size < rows && characters < chunkCharactersMax) continue;
      yield chunk;
      chunk = [];
      size = 0;
      characters = 0;
    }
  } catch (error) {
    if (error instanceof UnreadableFileError && chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}
