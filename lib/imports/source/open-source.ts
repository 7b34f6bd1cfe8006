import type { Readable } from "node:stream";
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
 * @throws UnreadableFileError for what is no text, or no format we read.
 * @throws TemporaryError when the file store fails, also later while `text` is read.
 */
export async function openSource({ key, fileName }: { key: string; fileName: string }): Promise<Source> {
  const object = await getObjectStream(key);
  return readSource({ stream: object.stream, bytesTotal: object.sizeBytes, fileName });
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
      text: text.all,
      bytesRead: bytes.read,
      bytesTotal: file.bytesTotal,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
