import { UnreadableFileError } from "../errors";
import { type JsonRecord, levelsMax, recordLengthMax } from "./json-record";

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
  const refused = (problem: string) => ({ problem, line: line.slice(0, 10_000), length: line.length });
  if (isDeeper(line, levelsMax)) return refused(`The record is nested deeper than ${levelsMax} levels.`);
  try {
    return { value: JSON.parse(line), length: line.length };
  } catch (error) {
    if (before > 0) return refused("The line is not JSON.");
    throw new UnreadableFileError(
      "The file begins with { but its first line is no whole JSON object. Give one object a line, or a list: [ … ].",
      error,
    );
  }
}

function tooLong(before: number): UnreadableFileError {
  return new UnreadableFileError(
    `Line ${before + 1} is longer than 4 MB. The lines before it are in. Give one product a line, or a list: [ … ].`,
  );
}

/** Whether lists and objects stand in each other deeper than this, told before any memory is given to them. */
function isDeeper(json: string, levelsAllowed: number): boolean {
  let levels = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index);
    if (isInString) {
      if (character === backslash) index++;
      else if (character === quotationMark) isInString = false;
    } else if (character === quotationMark) isInString = true;
    else if (character === leftBracket || character === leftBrace) {
      if (++levels > levelsAllowed) return true;
    } else if (character === rightBracket || character === rightBrace) levels--;
  }
  return false;
}

const [quotationMark, backslash, leftBracket, rightBracket, leftBrace, rightBrace] = [34, 92, 91, 93, 123, 125];
