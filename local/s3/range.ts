import { S3Error } from "./errors";

/** First and last byte, both included. */
export type ByteRange = { start: number; end: number };

/**
 * Reads a Range header against an object of `size` bytes. A header that is not a byte range is ignored, as
 * HTTP wants; several ranges are NotImplemented (S3 has none either); one outside the object is InvalidRange.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  if (/^bytes=[^,]*,/.test(header)) {
    throw new S3Error("NotImplemented", "Several ranges in one request are not supported.", { Header: "Range" });
  }
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < start) return undefined;
  if (start >= size || (first === "" && Number(last) === 0)) {
    throw new S3Error("InvalidRange", undefined, { RangeRequested: header, ActualObjectSize: String(size) });
  }
  return { start, end };
}
