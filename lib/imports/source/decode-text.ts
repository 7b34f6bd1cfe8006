import { UnreadableFileError } from "../errors";
import { type Encoding, encodingOf } from "./encoding-of";
import { peek } from "./peek";
import { refuseOtherKinds } from "./refuse-other-kinds";

/** How much of a file decides on its encoding. */
const headBytes = 1024 * 1024;

/**
 * The text of a file, and the encoding that its first megabyte is in. A mark at its beginning is not part of the text.
 *
 * @throws UnreadableFileError for what is no text; while the text is read, where bytes come that are not in the
 *   encoding: the text before them has been given.
 */
export async function decodeText(
  bytes: AsyncIterable<Buffer>,
): Promise<{ text: AsyncIterable<string>; encoding: Encoding }> {
  const { head, all, isWhole } = await peek(bytes, headBytes, (chunk) => chunk.length);
  const start = Buffer.concat(head);
  const encoding = encodingOf(start, { isWhole });
  refuseOtherKinds(start, encoding);
  return { text: decode(all, encoding), encoding };
}

async function* decode(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  // NOTE: always with `stream`. Without it some versions of Node take Windows-1252 for Latin-1 and lose the euro sign.
  const strict = new TextDecoder(encoding, { fatal: true });
  // Runs beside, to know the text in front of the first byte that is wrong.
  const lenient = new TextDecoder(encoding);
  let bytesBefore = 0;
  for await (const chunk of bytes) {
    const text = lenient.decode(chunk, { stream: true });
    try {
      strict.decode(chunk, { stream: true });
    } catch (error) {
      yield text.split("\ufffd", 1)[0] ?? "";
      throw notIn(encoding, bytesBefore, error);
    }
    bytesBefore += chunk.length;
    yield text;
  }
  try {
    strict.decode();
  } catch (error) {
    throw notIn(encoding, bytesBefore, error);
  }
}

function notIn(encoding: Encoding, bytesBefore: number, cause: unknown): UnreadableFileError {
  const place = `${(bytesBefore / 1e6).toFixed(1)} MB`;
  return new UnreadableFileError(
    `The file begins in ${encoding.toUpperCase()}, but about ${place} into it come bytes that are not. ` +
      "The rows before them are in. Save the whole file as CSV UTF-8 and upload it again.",
    cause,
  );
}
