import { UnreadableFileError } from "../errors";

/** Files that are no text, by their first bytes (as Latin-1), and what to do with each. */
const kinds: readonly { begin: readonly string[]; advice: string }[] = [
  {
    begin: ["PK\x03\x04", "PK\x05\x06"],
    advice: "This is a spreadsheet or a zip archive. Open it, save the sheet as CSV (UTF-8), and upload that.",
  },
  {
    begin: ["\xd0\xcf\x11\xe0"],
    advice: "This is a spreadsheet of old Excel. Open it, save the sheet as CSV (UTF-8), and upload that.",
  },
  { begin: ["%PDF"], advice: "This is a PDF. Export it as CSV instead, and upload that." },
  { begin: ["\x1f\x8b"], advice: "This file is compressed twice. Unpack it once, and upload what comes out." },
  {
    begin: ["7z\xbc\xaf", "Rar!\x1a", "BZh91AY&SY", "\xfd7zXZ", "\x28\xb5\x2f\xfd"],
    advice: "This is an archive of a kind that is not read. Unpack it and upload the file in it, plain or as .gz.",
  },
];

/** Among this many characters nothing but the file's kind shows: rows are judged one by one later. */
const headCharactersMax = 64 * 1024;

/**
 * Looks whether the beginning of a file is text. Bytes that mean nothing in text are one in nine of anything
 * compressed or random; a text with some in its cells stays far below the one in twenty that is refused.
 *
 * @throws UnreadableFileError naming what the file is, and what to do about it.
 */
export function refuseOtherKinds(start: Buffer, encoding: string): void {
  const begin = start.toString("latin1", 0, 16);
  const kind = kinds.find((known) => known.begin.some((bytes) => begin.startsWith(bytes)));
  if (kind) throw new UnreadableFileError(kind.advice);
  const text = new TextDecoder(encoding).decode(start, { stream: true }).slice(0, headCharactersMax);
  const controls = text.match(/[^\P{Cc}\s]/gu)?.length ?? 0;
  if (controls > text.length / 20)
    throw new UnreadableFileError("This is no text file. Export it as CSV (UTF-8) and upload that.");
}
