import { UnreadableFileError } from "../errors";

const lineLengthMax = 8 * 1024 * 1024;

/** One line: its value, or why it has none. */
export type NdjsonRecord = { value: unknown } | { problem: string; line: string };

/**
 * The lines of a file that has one JSON object on each. Lines with nothing on them are no records; a line that is no
 * JSON is a record with a problem.
 *
 * @throws UnreadableFileError for a line longer than 8 MB, and where the very first line is no JSON.
 */
export async function* ndjsonRecords(text: AsyncIterable<string>): AsyncGenerator<NdjsonRecord> {
  let rest = "";
  let count = 0;
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield read(line, count++);
    if (rest.length > lineLengthMax)
      throw new UnreadableFileError(`Line ${count + 1} is longer than 8 MB. The lines before it are in.`);
  }
  if (rest.trim() !== "") yield read(rest, count++);
}

function read(line: string, before: number): NdjsonRecord {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    if (before === 0)
      throw new UnreadableFileError(
        "The file begins with { but its first line is no whole JSON object. Give one object a line, or a list: [ … ].",
        error,
      );
    return { problem: "The line is not JSON.", line: line.slice(0, 10_000) };
  }
}
