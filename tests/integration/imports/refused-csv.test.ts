import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { plainCsvRecord } from "@/lib/csv";
import { db } from "@/lib/db/client";
import { type ImportId, newId } from "@/lib/ids";
import { openRefusedCsv } from "@/lib/imports/refused/open-refused-csv";
import { startWorld, type World } from "@/tests/support/world";
import { apronM, apronS, mug, shopifyCsv, shopifyHeader } from "../../unit/imports/read-text";
import { catalogue, emptyCatalogue, imported, notesOf, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(emptyCatalogue);

async function download(importId: ImportId): Promise<string> {
  const { stream } = await openRefusedCsv({ actor: staff, importId });
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await new Response(stream).arrayBuffer());
}

const recordsOf = (csv: string) => parse(csv, { bom: true, relax_column_count: true }) as string[][];
const ours = ["Refused row", "Refused field", "Refused because"];

/** Handles, descriptions and labels that a spreadsheet would run, in rows whose price is wrong. */
const trapped = [
  { ...mug, Handle: "trap", Title: "=1+1", "Body (HTML)": "\tindented", "Variant SKU": "@sku", "Variant Price": "1,5" },
  {
    ...mug,
    Handle: "plain",
    Title: "'=quoted",
    "Variant SKU": "-5",
    "Variant Inventory Qty": "-5",
    "Variant Price": "",
  },
];

test("refused rows are given with number, field, reason and their own cells, and no others", async () => {
  const { importId } = await imported(shopifyCsv([apronS, { ...apronM, "Variant Price": "9,99" }, mug]));

  const csv = await download(importId);

  const [header, ...rows] = recordsOf(csv);
  expect(csv.startsWith("\ufeff")).toBe(true);
  expect(header).toEqual([...ours, ...shopifyHeader]);
  expect(rows).toHaveLength(1);
  const named = Object.fromEntries((rows[0] ?? []).map((cell, index) => [header?.[index], cell]));
  expect(named).toMatchObject({
    "Refused row": "2",
    "Refused field": "Variant Price",
    "Refused because": expect.stringContaining("9,99"),
    Handle: "apron",
    "Option1 Value": "M",
    "Variant Price": "9,99",
    Title: "",
  });
});

test("no cell of them runs in a spreadsheet, and numbers stay numbers", async () => {
  const { importId } = await imported(shopifyCsv(trapped));

  const cells = recordsOf(await download(importId)).flat();

  expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual(["-5", "-5"]);
  expect(cells).toEqual(expect.arrayContaining(["'=1+1", "'\tindented", "'@sku", "''=quoted"]));
});

test("mended and uploaded again they become just the products that the file should have said", async () => {
  const { importId } = await imported(shopifyCsv(trapped));
  const prices = ["7.00", "8.00"];
  await imported(shopifyCsv(trapped.map((row, index) => ({ ...row, "Variant Price": prices[index] ?? "" }))));
  const wanted = await catalogue();
  await emptyCatalogue();

  const [header = [], ...rows] = recordsOf(await download(importId));
  const price = header.indexOf("Variant Price");
  const mended = [header, ...rows.map((cells, index) => cells.with(price, prices[index] ?? ""))];
  const { result } = await imported(mended.map(plainCsvRecord).join(""));

  expect(result).toMatchObject({ created: 2, refused: 0, total: 2 });
  expect(wanted.map(({ title }) => title)).toEqual(["'=quoted", "=1+1"]);
  expect(await catalogue()).toEqual(wanted);
});

test("a file of refused rows that was not mended is refused again, as it was, and its rows are told as before", async () => {
  const lines = [
    ...["Handle,Title,Variant Price,Note,Note,,Variant Inventory Tracker", "a,A,1,5,v,w,x,"],
    ...["b,B,2.00", "c,C,3.00,v,w,,,", "d,D,bad,v,w,x,"],
  ];
  const first = await imported(`${lines.join("\n")}\n`);
  expect(first.result).toMatchObject({ refused: 4, total: 4 });
  const csv = await download(first.importId);

  const second = await imported(csv);

  expect(second.result).toMatchObject({ created: 0, refused: 4, total: 4 });
  expect(await notesOf(second.importId)).toEqual(await notesOf(first.importId));
  expect(await download(second.importId)).toBe(csv);
});

test("a column that is empty in all refused rows still says that it is empty", async () => {
  const untracked = { ...mug, "Variant Inventory Tracker": "", "Variant Price": "bad" };
  const { importId } = await imported(shopifyCsv([untracked]));

  await imported((await download(importId)).replaceAll(",bad,", ",5.00,"));

  expect((await catalogue())[0]?.variants[0]?.stock[0]).toBe(false);
});

test("JSON records are given whole in one cell, and can be mended and uploaded again", async () => {
  const apron = { handle: "apron", title: "Apron", options: ["Size"] };
  const records = [
    { ...apron, variants: [{ options: ["S"], price: "49,00", stock: -2 }] },
    { handle: "mug", title: "Mug", variants: [{ price: "5.00" }] },
    ["no product"],
  ];
  const { importId } = await imported(JSON.stringify(records), { fileName: "products.json" });

  const csv = await download(importId);
  const { result, notes } = await imported(csv.replaceAll("49,00", "49.00"));

  const [header, ...rows] = recordsOf(csv);
  expect(header).toEqual([...ours, "JSON record"]);
  expect(rows.map((cells) => JSON.parse(cells[3] ?? ""))).toEqual([records[0], records[2]]);
  expect(result).toMatchObject({ created: 1, refused: 1, total: 2 });
  expect(notes.map(({ rowNumber, severity }) => [rowNumber, severity])).toEqual([
    [1, "adjusted"],
    [2, "refused"],
  ]);
});

test("a hundred thousand refused rows are given in order and whole, a few at a time", async () => {
  const importId = await uploaded(shopifyCsv([mug]));
  await db().import.update({ where: { id: importId }, data: { columns: ["Handle", "Variant Price"] } });
  await db().$executeRaw`
    insert into import_reject (id, import_id, row_number, severity, reason, raw_row)
    select ${newId("importReject")} || n, ${importId}, (n + 1) / 2, 'refused', 'Bad.', jsonb_build_object('Handle', 'h' || n)
    from generate_series(1, 100000) n order by random()`;
  const { stream } = await openRefusedCsv({ actor: staff, importId });

  await db().$executeRaw`analyze import_reject`; // as autovacuum does after so many rows
  let longest = 0;
  let text = "";
  for await (const piece of stream) {
    longest = Math.max(longest, piece.byteLength);
    text += Buffer.from(piece).toString();
  }

  const rows = recordsOf(text).slice(1);
  expect(new Set(rows.map((cells) => cells[3])).size).toBe(100_000);
  expect(rows.map((cells) => Number(cells[0]))).toEqual(Array.from({ length: 100_000 }, (_, n) => (n >> 1) + 1));
  expect(longest).toBeLessThan(20_000);
});

test("only staff are given refused rows, and only of an import that there is", async () => {
  const { importId } = await imported(shopifyCsv(trapped));

  await expect(openRefusedCsv({ actor: { kind: "shopper" }, importId })).rejects.toMatchObject({ kind: "forbidden" });
  await expect(openRefusedCsv({ actor: staff, importId: newId("import") })).rejects.toMatchObject({
    kind: "not-found",
  });
});
