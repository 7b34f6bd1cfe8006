import { UnreadableFileError } from "../errors";
import { peek } from "./peek";

/** The text of a file in UTF-8, or in UTF-16 where it begins with that mark. The mark itself is not part of it. */
export async function decodeText(bytes: AsyncIterable<Buffer>): Promise<AsyncIterable<string>> {
  const { head, all } = await peek(bytes, 4, (chunk) => chunk.length);
  const start = Buffer.concat(head).subarray(0, 4);
  if (start.toString("latin1") === "PK\x03\x04")
    throw new UnreadableFileError(
      "This is a spreadsheet or a zip archive. Open it, save the sheet as CSV (UTF-8), and upload that.",
    );
  return decode(all, encodingOf(start));
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return "utf-8";
}

async function* decode(bytes: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decodePiece = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (error) {
      throw new UnreadableFileError("The file is not in UTF-8. Save it as CSV UTF-8 and upload it again.", error);
    }
  };
  for await (const chunk of bytes) yield decodePiece(chunk);
  yield decodePiece();
}
