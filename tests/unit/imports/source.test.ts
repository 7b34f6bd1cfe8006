import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { TemporaryError } from "@/lib/errors";
import { UnreadableFileError } from "@/lib/imports/errors";
import { productsKind } from "@/lib/imports/products/products-kind";
import { readCandidates } from "@/lib/imports/read-candidates";
import { readSource } from "@/lib/imports/source/open-source";
import { mug, notesOf, readFile, shopifyCsv } from "./read-text";

const csv = shopifyCsv([mug, { ...mug, Handle: "tasse", Title: "Tasse für Ärzte ☕" }]);
const titles = async (...args: Parameters<typeof readFile>) =>
  (await readFile(...args)).map((candidate) => candidate.item?.title);

test.each([
  ["without a mark", csv],
  ["with UTF-8's mark", `\ufeff${csv}`],
  ["in UTF-16", Buffer.from(`\ufeff${csv}`, "utf16le")],
  ["with Windows line ends", csv.replaceAll("\n", "\r\n")],
  ["with blank lines and lines of commas at the end", `${csv}\n\n${",".repeat(23)}\n\n`],
  ["separated by semicolons", csv.replaceAll(",", ";")],
])("a CSV file %s is read", async (_name, content) => {
  expect(await titles(content)).toEqual(["Blue mug", "Tasse für Ärzte ☕"]);
});

test("pieces that cut through characters, quotes and line ends make no difference", async () => {
  const tricky = shopifyCsv([{ ...mug, Title: 'Ä "quoted"\nmug', "Body (HTML)": '<a href="x">1,\r\n2</a>' }]);

  for (const pieceSize of [1, 2, 3, 7]) {
    const [candidate] = await readFile(tricky, { pieceSize });
    expect(candidate?.item).toMatchObject({
      title: 'Ä "quoted"\nmug',
      description: '<a href="x">1,\r\n2</a>',
    });
  }
});

test("a compressed file is unpacked", async () => {
  expect(await titles(csv, { gzip: true, fileName: "products.csv.gz" })).toHaveLength(2);
});

test("JSON arrays and JSON lines are known by their content", async () => {
  const product = { handle: "mug", title: "Mug", variants: [{ price: "12.00" }] };

  expect(await titles(JSON.stringify([product, product], null, 2), { fileName: "x.txt" })).toHaveLength(2);
  expect(await titles(`${JSON.stringify(product)}\n\n${JSON.stringify(product)}`, { fileName: "x" })).toHaveLength(2);
});

test.each([
  ["an empty file", "", "empty"],
  ["a file of blanks", " \n \n", "empty"],
  ["a web page", "<!doctype html><html>", "web page"],
  ["a spreadsheet", Buffer.from("PK\x03\x04rest"), "spreadsheet"],
  ["a table of something else", "InvoiceNo,Quantity\n1,2\n", '"Handle" and "Variant Price" are missing'],
  ["a table without prices", "Handle,Title\na,A\n", '"Variant Price" is missing'],
  ["a broken array", '[{"handle":"a"},{]', "breaks after element 1"],
  ["an array that ends early", '[{"handle":"a"},', "ends in the middle, after element 1"],
  ["text after an array", "[] []", "behind the end of the list of 0 elements"],
])("%s is refused with what to do about it", async (_name, content, sentence) => {
  const failure = await readFile(content).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(UnreadableFileError);
  expect((failure as UnreadableFileError).publicMessage).toContain(sentence);
});

test("a quote that is never closed ends the import after the rows before it, and says where", async () => {
  const broken = `${csv}third,"${"x,y\n".repeat(400_000)}`;
  const source = await readSource({
    stream: Readable.from([Buffer.from(broken)]),
    bytesTotal: Buffer.byteLength(broken),
    fileName: "a.csv",
  });
  const handles: string[] = [];

  const failure = await (async () => {
    for await (const { item } of readCandidates(productsKind, source, { currency: "EUR", after: 0 }))
      handles.push(item?.handle ?? "");
  })().catch((error: unknown) => error);

  expect((failure as UnreadableFileError).publicMessage).toContain(
    'A quote (") that is opened in row 3 is never closed',
  );
  expect(handles).toEqual(["blue-mug", "tasse"]);
});

test("a truncated archive and one that grows beyond reason are refused", async () => {
  const packed = gzipSync(csv.repeat(100));
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, "a"));

  await expect(readFile(packed.subarray(0, packed.length - 20))).rejects.toThrow("damaged or incomplete");
  await expect(readFile(bomb)).rejects.toThrow(/grows more than 200 times|longer than 1 MB/);
});

test("a download that ends early is tried again and not taken for the whole file", async () => {
  const reading = readSource({
    stream: Readable.from([Buffer.from(csv)]),
    bytesTotal: csv.length + 1000,
    fileName: "a.csv",
  });

  await expect(
    reading.then(async (source) => {
      for await (const candidate of readCandidates(productsKind, source, { currency: "EUR", after: 0 })) void candidate;
    }),
  ).rejects.toBeInstanceOf(TemporaryError);
});

test("a line that is not JSON is refused alone", async () => {
  const product = JSON.stringify({ handle: "mug", title: "Mug", variants: [{ price: 12.5 }] });

  const found = await readFile(`${product}\n{"handle": oops}\n${product}\n`, { fileName: "a.ndjson" });

  expect(found.map((candidate) => candidate.item?.variants[0]?.priceAmount)).toEqual([1250, undefined, 1250]);
  expect(notesOf(found)).toEqual([{ rowNumber: 2, severity: "refused", reason: "The line is not JSON." }]);
});
