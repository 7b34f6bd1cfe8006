import { CsvError, parse } from "csv-parse";
import { UnreadableFileError } from "../errors";
import { peek } from "../source/peek";

/** Longer than any honest row; what a quote that is never closed runs into. */
const recordLengthMax = 1024 * 1024;

/**
 * The records of a CSV file, its header first. Quoted fields may hold line breaks; lines with nothing on them are no
 * records; the delimiter (comma, semicolon, tab) is the one the header uses most.
 *
 * @throws UnreadableFileError where the file cannot be cut into records from some row on.
 */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<string[]> {
  const { head, all } = await peek(text, 4096, (piece) => piece.length);
  // Records are taken as the parser finds them and not from its readable side: that one throws away what is not read
  // yet when an error comes, and the rows before an error shall go in.
  let ready: string[][] = [];
  const parser = parse({
    delimiter: delimiterOf(head.join("")),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordLengthMax,
    on_record: (record: string[]) => {
      ready.push(record);
      return null;
    },
  });
  parser.on("error", () => {}); // Each is the answer of the call that caused it, too.
  let records = 0;
  const take = () => {
    const taken = ready;
    ready = [];
    records += taken.length;
    return taken;
  };
  for await (const piece of all) {
    const error = await settled((done) => parser.write(piece, done));
    yield* take();
    if (error) throw unreadable(error, records);
  }
  const error = await settled((done) => parser.end(done));
  yield* take();
  if (error) throw unreadable(error, records);
}

/** The error a stream's call ends with, if any. */
function settled(call: (done: (error?: Error | null) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => call((error) => resolve(error ?? undefined)));
}

function delimiterOf(start: string): string {
  const header = start.trimStart().split("\n", 1)[0] ?? "";
  const uses = (character: string) => header.split(character).length;
  return [",", ";", "\t"].reduce((best, next) => (uses(next) > uses(best) ? next : best));
}

function unreadable(error: Error, records: number): UnreadableFileError {
  const code = error instanceof CsvError ? error.code : error.message;
  const where = records === 0 ? "in the first line" : `in row ${records}`;
  const isEndless = code === "CSV_MAX_RECORD_SIZE" || code === "CSV_QUOTE_NOT_CLOSED";
  const what = isEndless
    ? `A quote (") that is opened ${where} is never closed, or the row is longer than 1 MB.`
    : `The file cannot be read any further ${where} (${code}).`;
  return new UnreadableFileError(`${what} The rows before it are in. Mend the file and upload it again.`, error);
}
