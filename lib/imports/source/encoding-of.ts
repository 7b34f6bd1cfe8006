export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/**
 * The encoding of a file by how it begins: UTF-16 where it has that mark, or where every other byte of the first
 * characters is 0; UTF-8 where it can be read as that. Else Windows-1252 (Latin-1 with more in it), which is a guess.
 *
 * A file with more characters in UTF-8 than bytes that are none is damaged UTF-8, and stays UTF-8.
 */
export function encodingOf(start: Buffer, { isWhole }: { isWhole: boolean }): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const zeros = [...start.subarray(0, 16)].map((byte) => (byte === 0 ? "0" : "x")).join("");
  if (/^(x0){2,}$/.test(zeros)) return "utf-16le";
  if (/^(0x){2,}$/.test(zeros)) return "utf-16be";

  const options = { stream: !isWhole };
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, options);
    return "utf-8";
  } catch {
    const text = new TextDecoder("utf-8").decode(start, options);
    const foreign = text.match(/\P{ASCII}/gu) ?? [];
    const broken = foreign.filter((character) => character === "\ufffd").length;
    return broken > foreign.length - broken ? "windows-1252" : "utf-8";
  }
}
