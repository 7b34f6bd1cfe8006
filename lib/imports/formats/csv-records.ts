import { CsvError, Parser } from "csv-parse";
import { UnreadableFileError } from "../errors";
import { peek } from "../source/peek";
import { delimiterOf } from "./delimiter-of";

/** Longer than any honest row; what a quote that is never closed runs into. */
const recordLengthMax = 1024 * 1024;
const cellsMax = 10_000;
/** Enough of a file to hold most of its first line. */
const headLength = 4096;

/**
 * The records of a CSV file, its header first. Quoted fields may hold line breaks; lines with nothing on them are no
 * records; any of the three line ends ends a line; the delimiter is found by `delimiterOf`.
 *
 * @throws UnreadableFileError where the file cannot be cut into records from some row on.
 */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<string[]> {
  const { head, all } = await peek(text, headLength, (piece) => piece.length);
  const { delimiter, isAnnounced } = delimiterOf(head.join("").slice(0, headLength));
  const parser = new RecordParser({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    from: isAnnounced ? 2 : 1,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordLengthMax,
  });
  parser.on("error", () => {}); // Each is the answer of the call that caused it, too.
  let records = 0;
  function* take(): Generator<string[]> {
    for (const record of parser.takeFound()) {
      if (record.length > cellsMax) throw tooManyCells(records);
      records++;
      yield record;
    }
  }
  let failure: unknown;
  async function* pieces(): AsyncGenerator<string> {
    try {
      yield* all;
    } catch (error) {
      failure = error;
      // The parser looks ahead before it gives a record; blanks let it give the last whole one, and end no other.
      yield "    ";
    }
  }
  let linesBefore = 0;
  let lengthOfLine = 0;
  for await (const piece of pieces()) {
    const error = await settled((done) => parser.write(piece, done));
    yield* take();
    if (error) throw unreadable(error, records);
    // The parser's own bound counts what is in the cells, so a line of delimiters alone would grow without end.
    const { records: full, empty_lines: empty } = parser.info;
    lengthOfLine = full + empty === linesBefore ? lengthOfLine + piece.length : 0;
    linesBefore = full + empty;
    if (lengthOfLine > recordLengthMax) throw tooManyCells(records);
  }
  if (failure) throw failure;
  const error = await settled((done) => parser.end(done));
  yield* take();
  if (error) throw unreadable(error, records);
}

/**
 * Gives its records as it finds them and not by its readable side: that one throws away what is not read yet when an error
 * comes, and the rows before an error shall go in. (`on_record` would do, and has each record described for it.)
 */
class RecordParser extends Parser {
  #found: string[][] = [];

  override push(record: string[] | null): boolean {
    if (record === null) return super.push(null);
    this.#found.push(record);
    return true;
  }

  /** The records that were found since it was last called. */
  takeFound(): string[][] {
    const found = this.#found;
    this.#found = [];
    return found;
  }
}

/** The error a stream's call ends with, if any. */
function settled(call: (done: (error?: Error | null) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => call((error) => resolve(error ?? undefined)));
}

const placeOf = (records: number) => (records === 0 ? "in the first line" : `in row ${records}`);
const mend = "The rows before it are in. Mend the file and upload it again.";

function unreadable(error: Error, records: number): UnreadableFileError {
  const code = error instanceof CsvError ? error.code : error.message;
  const isEndless = code === "CSV_MAX_RECORD_SIZE" || code === "CSV_QUOTE_NOT_CLOSED";
  const what = isEndless
    ? `A quote (") that is opened ${placeOf(records)} is never closed, or the row is longer than 1 MB.`
    : `The file cannot be read any further ${placeOf(records)} (${code}).`;
  return new UnreadableFileError(`${what} ${mend}`, error);
}

function tooManyCells(records: number): UnreadableFileError {
  return new UnreadableFileError(`There are more than 10,000 cells ${placeOf(records)}. ${mend}`);
}
