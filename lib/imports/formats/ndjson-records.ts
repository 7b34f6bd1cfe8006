import { UnreadableFileError } from "../errors";
import { type JsonRecord, parseRecord, recordLengthMax } from "./json-record";

/**
 * The lines of a file that has one JSON object on each. Lines with nothing on them are no records; a line that is no
 * JSON, or nested too deep, is a record with a problem.
 *
 * @throws UnreadableFileError for a line longer than 4 MB, and where the very first line is no JSON.
 */
export async function* ndjsonRecords(text: AsyncIterable<string>): AsyncGenerator<JsonRecord> {
  let rest = "";
  let count = 0;
  for await (const piece of text) {
    // Only the new piece is searched: a long line would be gone through once for each of its pieces.
    const [end = "", ...lines] = piece.split("\n");
    rest += end;
    for (const next of lines) {
      if (rest.trim() !== "") yield read(rest, count++);
      rest = next;
    }
    if (rest.length > recordLengthMax) throw tooLong(count);
  }
  if (rest.trim() !== "") yield read(rest, count++);
}

function read(line: string, before: number): JsonRecord {
  if (line.length > recordLengthMax) throw tooLong(before);
  const record = parseRecord(line);
  if ("value" in record || before > 0) return record;
  throw new UnreadableFileError(
    "The file begins with { but its first line is no whole JSON object. Give one object a line, or a list: [ … ].",
  );
}

function tooLong(before: number): UnreadableFileError {
  return new UnreadableFileError(
    `Line ${before + 1} is longer than 4 MB. The lines before it are in. Give one record a line, or a list: [ … ].`,
  );
}
