import type { Candidate, RowNote } from "./candidate";
import { UnreadableFileError } from "./errors";
import type { ImportKind, ReadOptions, SourceText } from "./kinds/import-kind";

/**
 * What the file says, piece by piece in its order, whatever its format; rows up to `after` are skipped. An encoding
 * that was guessed is said of row 1.
 */
export async function* readCandidates<Item>(
  kind: ImportKind<Item>,
  source: SourceText,
  options: ReadOptions,
): AsyncGenerator<Candidate<Item>> {
  let isGuessUntold = source.encoding === "windows-1252" && options.after === 0;
  for await (const candidate of kind.read(source, options)) {
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

/** A portion of rows this long is large enough whatever their number, and small against memory. */
const chunkCharactersMax = 4 * 1024 * 1024;

/**
 * Pieces in portions of about `rows` rows, or fewer where the rows are long: what is stored together. Where the file
 * cannot be read any further, what was read before is still given.
 */
export async function* inChunks<Item>(
  candidates: AsyncIterable<Candidate<Item>>,
  rows: number,
): AsyncGenerator<Candidate<Item>[]> {
  let chunk: Candidate<Item>[] = [];
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
