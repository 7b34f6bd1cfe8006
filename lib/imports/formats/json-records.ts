import { JSONParser } from "@streamparser/json";
import { UnreadableFileError } from "../errors";

/** Characters one element may take: far more than any product, far less than memory. */
const elementLengthMax = 8 * 1024 * 1024;

/**
 * The elements of a JSON array, one by one.
 *
 * @throws UnreadableFileError where the array breaks; the elements before it have been given.
 */
export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<unknown> {
  let ready: unknown[] = [];
  let count = 0;
  let sinceLast = 0;
  let isAtEnd = false;
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false });
  parser.onValue = ({ value }) => {
    ready.push(value);
    sinceLast = 0;
  };
  parser.onEnd = () => {
    isAtEnd = true;
  };
  const broken = (cause?: unknown) =>
    new UnreadableFileError(
      `The JSON breaks after element ${count}. The elements before it are in. Mend the file and upload it again.`,
      cause,
    );
  for await (const piece of text) {
    sinceLast += piece.length;
    let failure: unknown;
    try {
      if (!isAtEnd) parser.write(piece);
      else if (piece.trim() !== "") failure = new Error("There is text after the end of the array.");
    } catch (error) {
      failure = error;
    }
    for (const value of ready) {
      yield value;
      count++;
    }
    ready = [];
    if (failure) throw broken(failure);
    if (sinceLast > elementLengthMax) throw broken(new Error("An element is too large."));
  }
  if (!isAtEnd) throw broken();
}
