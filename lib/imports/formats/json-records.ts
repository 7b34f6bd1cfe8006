import { JSONParser, TokenType } from "@streamparser/json";
import { UnreadableFileError } from "../errors";
import { type JsonRecord, levelsMax, recordLengthMax } from "./json-record";

/**
 * The elements of a JSON array, one by one.
 *
 * @throws UnreadableFileError where the array breaks, or an element is too large or too deep; the elements before it
 *   have been given.
 */
export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<JsonRecord> {
  let ready: JsonRecord[] = [];
  let count = 0;
  let sinceLast = 0;
  let levels = 0;
  let at = 0;
  let endOfLast = 0;
  let isAtEnd = false;
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false });
  parser.onToken = ({ token, offset }) => {
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) levels++;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) levels--;
    // One level is the list itself.
    if (levels > levelsMax + 1) throw new TooDeep();
    at = offset;
  };
  parser.onValue = ({ value }) => {
    ready.push({ value, length: at - endOfLast });
    endOfLast = at;
    sinceLast = 0;
  };
  parser.onEnd = () => {
    isAtEnd = true;
  };
  for await (const piece of text) {
    sinceLast += piece.length;
    let failure: unknown;
    try {
      if (!isAtEnd) parser.write(piece);
      else if (piece.trim() !== "") failure = new Error("There is text after the end of the array.");
    } catch (error) {
      failure = error;
    }
    for (const record of ready) {
      yield record;
      count++;
    }
    ready = [];
    if (failure instanceof TooDeep) throw broken(`Element ${count + 1} is nested deeper than ${levelsMax} levels.`);
    if (failure && isAtEnd)
      throw broken(`There is something behind the end of the list of ${count} elements.`, failure);
    if (failure) throw broken(`The JSON breaks after element ${count}.`, failure);
    if (!isAtEnd && sinceLast > recordLengthMax) throw broken(`Element ${count + 1} is longer than 4 MB.`);
  }
  if (!isAtEnd) throw broken(`The JSON ends in the middle, after element ${count}.`);
}

class TooDeep extends Error {}

function broken(what: string, cause?: unknown): UnreadableFileError {
  return new UnreadableFileError(`${what} The elements before that are in. Mend the file and upload it again.`, cause);
}
