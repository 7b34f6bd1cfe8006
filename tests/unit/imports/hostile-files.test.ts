import { Readable } from "node:stream";
import { createGzip, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { UnreadableFileError } from "@/lib/imports/errors";
import { productsKind } from "@/lib/imports/products/products-kind";
import { inChunks, readCandidates } from "@/lib/imports/read-candidates";
import { readSource } from "@/lib/imports/source/open-source";
import { mug, notesOf, readFile, shopifyCsv } from "./read-text";

const megabyte = 1024 * 1024;
const gigabyte = 1024 * megabyte;
const pieceSize = 64 * 1024;
const csv = shopifyCsv([mug, { ...mug, Handle: "tasse", Title: "Tasse für Ärzte ☕ 5 €" }]);
const product = { handle: "mug", title: "Mug", variants: [{ price: "12.00" }] };
const json = JSON.stringify(product);

/** `start`, and then `repeat` over and over until the file has `bytesTotal`: made as it is read. */
function* endless(start: string | Buffer, repeat: string | Buffer, bytesTotal: number): Generator<Buffer> {
  const first = Buffer.from(start as string);
  const one = Buffer.from(repeat as string);
  const piece = Buffer.concat(Array.from({ length: Math.ceil(pieceSize / one.length) }, () => one));
  yield first;
  for (let size = first.length; size < bytesTotal; size += piece.length)
    yield piece.subarray(0, Math.min(piece.length, bytesTotal - size));
}

type Reading = {
  handles: string[];
  notes: { rowNumber: number; severity: string; field?: string; reason: string }[];
  rows: number;
  portionRowsMax: number;
  message: string | undefined;
  pulled: number;
  grownBytes: number;
};

/** Reads a file in portions, as an import does; tells what it came to, and how much was taken and held for it. */
async function reading(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  { bytesTotal = 0, fileName = "products.csv" } = {},
): Promise<Reading> {
  const held = () => process.memoryUsage.rss();
  const before = held();
  const found: Reading = {
    handles: [],
    notes: [],
    rows: 0,
    portionRowsMax: 0,
    message: undefined,
    pulled: 0,
    grownBytes: 0,
  };
  const look = () => {
    found.grownBytes = Math.max(found.grownBytes, held() - before);
  };
  async function* watched() {
    for await (const piece of pieces) {
      found.pulled += piece.length;
      look();
      yield piece;
    }
  }
  try {
    const stream = Readable.from(watched(), { highWaterMark: 1 });
    const total = bytesTotal || (pieces as Buffer[]).reduce((sum, piece) => sum + piece.length, 0);
    const source = await readSource({ stream, bytesTotal: total, fileName });
    for await (const chunk of inChunks(readCandidates(productsKind, source, { currency: "EUR", after: 0 }), 1000)) {
      look();
      const rows = chunk.at(-1)?.lastRow ?? found.rows;
      found.portionRowsMax = Math.max(found.portionRowsMax, rows - found.rows);
      found.rows = rows;
      if (rows > 10) continue;
      for (const { item } of chunk) if (item) found.handles.push(item.handle);
      found.notes.push(...notesOf(chunk));
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    found.message = error.publicMessage;
  }
  look();
  return found;
}

const open = Array.from({ length: pieceSize }, () => "[").join("");

test.each([
  ["a line that never ends", csv, "x", "longer than 1 MB", 3],
  ["a quote that is never closed", `${csv}third,"`, "x,y\n", "opened in row 3 is never closed", 3],
  ["a line of commas", csv, ",", "more than 10,000 cells in row 3", 3],
  ["a line of empty quotes", csv, '"",', "more than 10,000 cells in row 3", 3],
  ["a first line of commas", "Handle,Variant Price", ",", "more than 10,000 cells in the first line", 3],
  ["a million columns", "Handle,Variant Price", ",a", "more than 10,000 cells in the first line", 3],
  ["nothing but blanks", "", " \n", "begins with megabytes of blanks", 6],
  ["nothing but NULs", "", "\0", "no text file", 3],
  ["a JSON line that never ends", `${json}\n{"a":"`, "x", "Line 2 is longer than 4 MB", 8],
  ["a JSON string that never ends", `[${json},"`, "x", "Element 2 is longer than 4 MB", 8],
  ["a JSON string of nothing but escapes", `[${json},"`, "\\u0041", "Element 2 is longer than 4 MB", 8],
  ["a JSON key that never ends", `[${json},{"`, "x", "Element 2 is longer than 4 MB", 8],
  ["a JSON number that never ends", `[${json},1`, "1", "Element 2 is longer than 4 MB", 8],
  ["a JSON list in the list that never ends", `[${json},[{}`, ",{}", "Element 2 is longer than 4 MB", 8],
  ["a JSON object of a million names", `[${json},{"a":1`, ',"a":1', "Element 2 is longer than 4 MB", 8],
  ["JSON lists in lists without end", `[${json},`, open, "Element 2 is nested deeper than 100 levels", 3],
  ["JSON objects in objects without end", `[${json},{"a":1`, ',"b":{"c":1', "nested deeper than 100 levels", 3],
  ["JSON lines in lines without end", `{"a":`, open, "Line 1 is longer than 4 MB", 8],
])("a gigabyte of %s is refused after a few megabytes", async (_name, start, repeat, message, megabytes) => {
  const found = await reading(endless(start, repeat, gigabyte), { bytesTotal: gigabyte });

  expect(found.message).toContain(message);
  expect(found.pulled).toBeLessThan(megabytes * megabyte);
  expect(found.grownBytes).toBeLessThan(150 * megabyte);
});

test("what came before the place where a file goes wrong is in", async () => {
  const table = await reading(endless(csv, ",", gigabyte), { bytesTotal: gigabyte });
  const list = await reading(endless(`[${json},`, open, gigabyte), { bytesTotal: gigabyte });
  const lines = await reading(endless(`${json}\n{"a":"`, "x", gigabyte), { bytesTotal: gigabyte });

  expect([table.handles, list.handles, lines.handles]).toEqual([["blue-mug", "tasse"], ["mug"], ["mug"]]);
});

test.each([
  ["rows of a megabyte under one handle", "Handle,Variant Price,Note\n", `a,1,${"x".repeat(megabyte - 9)}\n`],
  ["rows of a megabyte that are refused", "Handle,Variant Price,Note\n", `,1,${"x".repeat(megabyte - 8)}\n`],
  ["rows of thousands of cells too many", "Handle,Variant Price\n", `${"a,".repeat(8_000)}\n`],
  ["JSON lines of megabytes", "", `{"handle":"${"x".repeat(3 * megabyte)}"}\n`],
  ["JSON lines of megabytes that are none", `${json}\n`, `{${"x".repeat(3 * megabyte)}\n`],
  ["JSON elements of megabytes", `[${json}`, `,{"handle":"${"x".repeat(3 * megabyte)}"}`],
])("%s come in portions that memory has room for", async (_name, start, repeat) => {
  const bytesTotal = (repeat.includes("a,a") ? 4 : 50) * megabyte;

  const found = await reading(endless(start, repeat, bytesTotal), { bytesTotal });

  expect(found.rows).toBeGreaterThan(2 * found.portionRowsMax);
  expect(found.portionRowsMax * repeat.length).toBeLessThan(16 * megabyte);
  expect(found.grownBytes).toBeLessThan(150 * megabyte);
});

/** Compressed as it is read: `bytesTotal` of `repeat` behind `start`. */
const packed = (start: string, repeat: string, bytesTotal: number) =>
  Readable.from(endless(start, repeat, bytesTotal)).pipe(createGzip());

test("ten gigabytes that were packed into some megabytes are refused after the first of them", async () => {
  const row = `mug,1,${"x".repeat(500_000)}\n`;

  const found = await reading(packed("Handle,Variant Price,Title\n", row, 10 * gigabyte), { bytesTotal: gigabyte });

  expect(found.message).toContain("grows more than 200 times");
  expect(found.pulled).toBeLessThan(2 * megabyte);
  expect(found.grownBytes).toBeLessThan(150 * megabyte);
});

const twice = shopifyCsv([mug]);
const [member, other] = [
  gzipSync(twice),
  gzipSync("second,Second,,,,,true,Title,Default Title,,,,,,,shopify,4,,12.00,,,,,\n"),
];

test.each([
  ["in one piece", [Buffer.concat([member, other])]],
  ["cut between them", [member, other]],
  ["cut everywhere", Array.from(Buffer.concat([member, other]), (byte) => Buffer.from([byte]))],
])("gzip members behind each other, %s, are all read", async (_name, pieces) => {
  const found = await reading(pieces);

  expect(found).toMatchObject({ message: undefined, handles: ["blue-mug", "second"] });
});

test.each([
  ["a file compressed twice", [gzipSync(member)], "compressed twice", []],
  ["an archive that is cut off", [member.subarray(0, -9)], "damaged or incomplete", undefined],
  ["an archive with garbage behind it", [member, Buffer.from("garbage")], "damaged or incomplete", undefined],
  ["an archive with zeros behind it", [member, Buffer.alloc(99)], "something behind the end", ["blue-mug"]],
  ["a member behind zeros", [member, Buffer.alloc(9), other], "something behind the end", ["blue-mug"]],
])("%s is refused", async (_name, pieces, message, handles) => {
  const found = await reading(pieces);

  expect(found.message).toContain(message);
  if (handles) expect(found.handles).toEqual(handles);
});

test.each([
  ["a zip archive", "PK\x03\x04", "spreadsheet or a zip archive"],
  ["a spreadsheet of old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"],
  ["a PDF", "%PDF-1.7\n", "This is a PDF"],
  ["a packed tar of another kind", "7z\xbc\xaf\x27\x1c", "an archive of a kind"],
  ["a picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\0\0\0\x03\xc0\x08\x06", "no text file"],
  ["XML", '<?xml version="1.0"?><rss/>', "This is XML"],
  ["a web page", "<!doctype html><html>", "web page"],
  ["an empty file", "", "empty"],
  ["a file of blanks", " \n \n", "empty"],
  ["a file with nothing but a mark", "\xef\xbb\xbf", "empty"],
  ["two price columns", "Handle,Variant Price,variant price\na,1,2\n", '"Variant Price" is there twice'],
  ["an object over lines", `{\n"products": [${json}]\n}`, "no whole JSON object"],
  ["garbage behind a list", `[${json}]\n}`, "something behind the end of the list of 1 elements"],
  ["garbage far behind a list", `[${json}]${" \n".repeat(99_999)}]`, "something behind the end of the list of 1"],
])("%s is refused with what to do", async (_name, bytes, message) => {
  const content = Buffer.from(bytes, "latin1");

  const failure = await readFile(content).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(UnreadableFileError);
  expect((failure as UnreadableFileError).publicMessage).toContain(message);
});

test.each([
  ["a CSV file that is only its first line", "Handle,Variant Price\n"],
  ["one without a line end", "Handle,Variant Price"],
  ["an empty list", " [ ]\n"],
])("%s has no products and nothing wrong", async (_name, content) => {
  expect(await readFile(content)).toEqual([]);
});

const titles = async (...args: Parameters<typeof readFile>) =>
  (await readFile(...args)).map((candidate) => candidate.item?.title);
const both = ["Blue mug", "Tasse für Ärzte ☕ 5 €"];
const utf16 = Buffer.from(csv, "utf16le");

test.each([
  ["UTF-16, little end first, without a mark", utf16],
  ["UTF-16, big end first, without a mark", Buffer.from(utf16).swap16()],
  ["UTF-16, big end first, with its mark", Buffer.from(`\ufeff${csv}`, "utf16le").swap16()],
])("a file in %s is read", async (_name, content) => {
  expect(await titles(content)).toEqual(both);
  expect(await titles(content, { pieceSize: 1 })).toEqual(both);
});

/** The bytes of text in Windows-1252, for the characters used here. */
const windows1252 = (text: string) => Buffer.from(text.replaceAll("€", "\x80").replaceAll("’", "\x92"), "latin1");

test.each([
  ["CSV", shopifyCsv([mug, { ...mug, Handle: "b", Title: "Ärzte’s 5 €" }]), "a.csv"],
  ["JSON", JSON.stringify([product, { ...product, title: "Ärzte’s 5 €" }]), "a.json"],
])("%s in Windows-1252 is read, and row 1 says that this was a guess", async (_name, text, fileName) => {
  const found = await readFile(windows1252(text), { fileName });

  expect(found[1]?.item?.title).toBe("Ärzte’s 5 €");
  expect(notesOf(found)).toEqual([
    { rowNumber: 1, severity: "adjusted", reason: expect.stringContaining("was read as Windows-1252") },
  ]);
});

test("the guess is told once, and not again by a run that goes on behind row 1", async () => {
  const found = await readFile(windows1252(shopifyCsv([mug, { ...mug, Handle: "b", Title: "Ä" }])), { after: 1 });

  expect(notesOf(found)).toEqual([]);
});

test.each([1, 5, 64 * 1024])(
  "UTF-8 with a wrong byte in it is read up to there, in pieces of %i",
  async (pieceSize) => {
    const rows = shopifyCsv([mug, { ...mug, Handle: "tasse", Title: "Tässe" }, { ...mug, Handle: "drei" }]);
    const [before, behind] = rows.split("drei");
    const bytes = Buffer.concat([Buffer.from(`${before}dr`), Buffer.from([0xe9]), Buffer.from(`i${behind}`)]);
    const pieces = Array.from({ length: Math.ceil(bytes.length / pieceSize) }, (_, index) =>
      bytes.subarray(index * pieceSize, (index + 1) * pieceSize),
    );

    const found = await reading(pieces);

    expect(found.message).toContain("begins in UTF-8, but about 0.0 MB into it come bytes that are not");
    expect(found.handles).toEqual(["blue-mug", "tasse"]);
  },
);

test("a byte that is not UTF-8 far into a file ends it there, with the rows before it in", async () => {
  const rows = `a,1,${"ä".repeat(500)}\n`;
  const found = await reading([...endless("Handle,Variant Price,Note\n", rows, 2 * megabyte), Buffer.from([0xff])]);

  expect(found.message).toContain("about 2.");
  expect(found.rows).toBeGreaterThan(2_000);
});

test.each([
  ["tabs", "\t"],
  ["bars", "|"],
  ["semicolons", ";"],
])("%s between cells are found, whatever stands in quotes in the first line", async (_name, delimiter) => {
  const others = [",", ";", "\t", "|"].filter((character) => character !== delimiter);
  const odd = `"a ""${others.map((character) => character.repeat(9)).join('""')} b"`;
  const line = (...cells: string[]) => cells.join(delimiter);
  const content = [line(odd, "Handle", "Title", "Variant Price"), line("x,y", "mug", "Mug, blue", "9.50"), ""].join(
    "\n",
  );

  expect(await titles(content)).toEqual(["Mug, blue"]);
});

test("Excel's line that announces the delimiter is no row", async () => {
  const found = await readFile("sep=;\r\nHandle;Title;Variant Price\r\nmug;Mug;1\r\nb;B;x\r\n");

  expect(found[0]?.item?.title).toBe("Mug");
  expect(notesOf(found)).toMatchObject([{ rowNumber: 2, field: "Variant Price" }]);
});

test("line ends may change within a file", async () => {
  const content = "Handle,Title,Variant Price\r\na,A,1\nb,B,1\r\nc,C,1\rd,D,1\r\r\ne,E,1";

  expect(await titles(content)).toEqual(["A", "B", "C", "D", "E"]);
});

test("a row with a NUL in it is refused, the others go in", async () => {
  const found = await readFile(shopifyCsv([mug, { ...mug, Handle: "b", Title: "B\0" }, { ...mug, Handle: "c" }]));

  expect(found.map((candidate) => candidate.item?.handle)).toEqual(["blue-mug", undefined, "c"]);
  expect(notesOf(found)).toMatchObject([{ rowNumber: 2, severity: "refused", field: "Title" }]);
});

test("a refused row keeps the cells of headings that are there twice or empty", async () => {
  const [candidate] = await readFile("Handle,Variant Price,Note,Note,\na,x,one,two,three\n");

  expect(candidate?.notes[0]?.rawRow).toEqual({
    Handle: "a",
    "Variant Price": "x",
    Note: "one",
    "Note (2)": "two",
    "Column 5": "three",
  });
});

test.each(["products.json", "products.ndjson"])(
  "numbers beyond all bounds refuse their record only (%s)",
  async (fileName) => {
    const records = ["1e400", "-1e400", "1e21", "12.5"].map(
      (price) => `{"handle":"a","title":"A","variants":[{"price":${price}}]}`,
    );
    const content = fileName === "products.json" ? `[${records.join()}]` : records.join("\n");

    const found = await readFile(content, { fileName });

    expect(found.map((candidate) => candidate.item?.variants[0]?.priceAmount)).toEqual([
      undefined,
      undefined,
      undefined,
      1250,
    ]);
  },
);

test("a JSON line nested ten thousand levels deep is refused alone", async () => {
  const deep = `{"handle":"a","x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;

  const found = await readFile([json, deep, json].join("\n"), { fileName: "a.ndjson" });

  expect(found.map((candidate) => candidate.item?.handle)).toEqual(["mug", undefined, "mug"]);
  expect(notesOf(found)).toMatchObject([{ rowNumber: 2, reason: "The record is nested deeper than 100 levels." }]);
});

test("brackets in strings and beside each other are no levels", async () => {
  const wide = JSON.stringify({ ...product, description: `${"[".repeat(200)}"\\`, extra: Array(300).fill([{}]) });

  expect(await titles(`${wide}\n${wide}`, { fileName: "a.ndjson" })).toEqual(["Mug", "Mug"]);
  expect(await titles(`[${wide},${wide}]`, { fileName: "a.json" })).toEqual(["Mug", "Mug"]);
});
