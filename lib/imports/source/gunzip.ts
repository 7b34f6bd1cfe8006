import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UnreadableFileError } from "../errors";

/** Real tables pack 5 to 30 times; a thousand times is what a bomb reaches. */
const expansionMax = 200;
const alwaysAllowedBytes = 64 * 1024 * 1024;

export function isGzip(head: readonly Buffer[]): boolean {
  const bytes = Buffer.concat(head);
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a file of one gzip member or of several behind each other.
 *
 * @throws UnreadableFileError for a damaged file, for one with something else behind its end, and for one that grows
 *   beyond all reason.
 */
export async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytesIn = 0;
  let bytesOut = 0;
  async function* measured() {
    for await (const chunk of packed) {
      bytesIn += chunk.length;
      yield chunk;
    }
  }
  const unzip = createGunzip();
  // Errors of either side arrive at the loop below.
  pipeline(Readable.from(measured(), { highWaterMark: 1 }), unzip, () => {});
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      bytesOut += chunk.length;
      if (bytesOut > alwaysAllowedBytes && bytesOut > unzip.bytesWritten * expansionMax)
        throw new UnreadableFileError(
          "The compressed file grows more than 200 times when unpacked. Upload it unpacked.",
        );
      yield chunk;
    }
  } catch (error) {
    const isDamage = error instanceof Error && "code" in error && /^Z_/.test(String(error.code));
    if (!isDamage) throw error;
    throw new UnreadableFileError("The compressed file is damaged or incomplete. Pack and upload it again.", error);
  }
  // zlib passes over zeros behind a member and whatever follows them, be it another member.
  if (unzip.bytesWritten !== bytesIn)
    throw new UnreadableFileError(
      "There is something behind the end of the compressed file. The rows before it are in. Pack and upload it again.",
    );
}
