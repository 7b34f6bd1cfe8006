import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { getObjectStream } from "@/lib/storage/get-object-stream";
import { UnreadableFileError } from "../errors";
import { counted } from "./counted";
import { decodeText } from "./decode-text";
import type { Encoding } from "./encoding-of";
import { gunzip, isGzip } from "./gunzip";
import { peek } from "./peek";
import { type Format, sniffFormat } from "./sniff-format";

/** A file being read: its text from the beginning, piece by piece, and how far that has come. */
export type Source = {
  format: Format;
  encoding: Encoding;
  text: AsyncIterable<string>;
  /** Bytes as they lie in the store, so compressed ones where the file is. */
  bytesRead: () => number;
  bytesTotal: number;
  close: () => void;
};

/**
 * Opens an uploaded file for reading with constant memory: unpacks gzip, finds the encoding, and finds the
 * format by the content first and the name second.
 *
 * @throws UnreadableFileError for what is no text, or no format we read, and for another file than the one of `etag`.
 * @throws TemporaryError when the file store fails, also later while `text` is read.
 */
export async function openSource(file: {
  key: string;
  fileName: string;
  /** Of the file whose rows were read before; nothing where none was. */
  etag: string | null;
}): Promise<Source & { etag: string }> {
  const { stream, sizeBytes, etag } = await getObjectStream(file.key);
  if (file.etag !== null && file.etag !== etag) {
    stream.destroy();
    throw new UnreadableFileError(
      "The file is another one than the one that was begun, so the import does not go on in it. Upload it as a new one.",
    );
  }
  return { ...(await readSource({ stream, bytesTotal: sizeBytes, fileName: file.fileName })), etag };
}

/** More than any file begins with by accident. */
const blanksMax = 2 * 1024 * 1024;

/** `openSource` for bytes from anywhere. */
export async function readSource(file: { stream: Readable; bytesTotal: number; fileName: string }): Promise<Source> {
  const close = () => void file.stream.destroy();
  try {
    const bytes = counted(file.stream, file.bytesTotal);
    const packed = await peek(bytes.chunks, 4, (chunk) => chunk.length);
    const plain = isGzip(packed.head) ? gunzip(packed.all) : packed.all;
    const decoded = await decodeText(plain);
    let length = 0;
    const text = await peek(decoded.text, 1, (piece) => {
      length += piece.length;
      return length > blanksMax ? 1 : piece.trimStart().length;
    });
    const start = text.head.join("");
    if (start.trim() === "") {
      if (length > blanksMax)
        throw new UnreadableFileError("The file begins with megabytes of blanks. Export it anew and upload that.");
      // Nothing is left to read but why it ends here, where it is damaged.
      for await (const piece of text.all) void piece;
      throw new UnreadableFileError("The file is empty.");
    }
    const format = sniffFormat(start, file.fileName);
    return {
      format,
      encoding: decoded.encoding,
      text: inTurns(text.all),
      bytesRead: bytes.read,
      bytesTotal: file.bytesTotal,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A few milliseconds of work for whoever reads it. */
const sliceLength = 8 * 1024;

/** Lets everybody else have a turn between two slices: reading them keeps the process busy otherwise. */
async function* inTurns(text: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of text) {
    for (let at = 0; at < piece.length; at += sliceLength) {
      yield piece.slice(at, at + sliceLength);
      await setImmediate();
    }
  }
}
