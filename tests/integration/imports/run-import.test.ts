import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { cancelImport } from "@/lib/imports/cancel-import";
import { endImport } from "@/lib/imports/end-import";
import { ImportStateError, UnreadableFileError } from "@/lib/imports/errors";
import { getImport, listImports } from "@/lib/imports/find-imports";
import { queueImport } from "@/lib/imports/queue-import";
import { startUpload } from "@/lib/imports/start-upload";
import { startWorld, type World } from "@/tests/support/world";
import { apronM, apronS, mug, shopifyCsv } from "../../unit/imports/read-text";
import { catalogue, emptyCatalogue, imported, notesOf, run, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(emptyCatalogue);
afterEach(() => setCrashTrap(undefined));

const row = (importId: string) => db().import.findUniqueOrThrow({ where: { id: importId } });

/** Twenty products of two rows each, the ninth of which has a row that cannot be taken. */
const twenty = shopifyCsv(
  Array.from({ length: 20 }, (_, index) => index + 1).flatMap((number) => [
    { ...apronS, Handle: `apron-${number}`, Title: `Apron ${number}`, "Variant Inventory Qty": String(number) },
    { ...apronM, Handle: `apron-${number}`, "Variant Price": number === 9 ? "9,99" : "49.00" },
  ]),
);

test("a bad row is told with its number and reason, and all others are in the store", async () => {
  const { importId, result, notes } = await imported(twenty);

  expect(result).toMatchObject({ created: 20, updated: 0, unchanged: 0, refused: 1, total: 40 });
  expect(notes).toEqual([
    { rowNumber: 18, severity: "refused", field: "Variant Price", reason: expect.stringContaining('"9,99"') },
  ]);
  expect(await db().variant.count()).toBe(39);
  expect(await row(importId)).toMatchObject({
    status: "completed",
    format: "csv",
    rowsRead: 40,
    created: 20,
    refused: 1,
  });
});

test("an import that crashes in the middle of a portion or right behind it goes on to the same end", async () => {
  await imported(twenty);
  const undisturbed = await catalogue();

  for (const point of ["import.before-chunk", "import.after-chunk"]) {
    await emptyCatalogue();
    const importId = await uploaded(twenty);
    let crashes = 0;
    setCrashTrap((name) => {
      if (name === point && ++crashes % 2 === 0 && crashes < 8) throw new Error("killed");
    });
    let attempts = 0;
    for (; (await row(importId)).status !== "completed"; attempts++) {
      await run(importId, { chunkRows: 6 }).catch((error: Error) => expect(error.message).toBe("killed"));
      expect((await row(importId)).rowsRead).toBe(2 * (await db().product.count()));
    }

    expect(attempts).toBe(4);
    expect(await catalogue()).toEqual(undisturbed);
    expect(await row(importId)).toMatchObject({ rowsRead: 40, created: 20, unchanged: 0, refused: 1 });
    expect(await notesOf(importId)).toHaveLength(1);
  }
});

test("a second run that has fallen behind gives up and stores nothing twice", async () => {
  const importId = await uploaded(twenty);
  let isFirst = true;
  setCrashTrap(async (name) => {
    if (name !== "import.before-chunk" || !isFirst) return;
    isFirst = false;
    await run(importId, { chunkRows: 6 });
    await db().import.update({ where: { id: importId }, data: { status: "running" } });
  });

  await expect(run(importId, { chunkRows: 6 })).rejects.toBeInstanceOf(TemporaryError);

  expect(await row(importId)).toMatchObject({ rowsRead: 40, created: 20, updated: 0, unchanged: 0, refused: 1 });
});

test("the end of a run that another has overtaken does not end the import", async () => {
  const importId = await uploaded(twenty);
  setCrashTrap((name) => {
    if (name === "import.after-chunk") throw new Error("killed");
  });
  for (const runId of ["run_1", "run_2"])
    await expect(run(importId, { runId, chunkRows: 6 })).rejects.toThrow("killed");
  const end = (runId: string) =>
    endImport({ importId, runId, status: "failed", reason: "It was tried ten times.", now: new Date() });

  await end("run_1");
  expect(await row(importId)).toMatchObject({ status: "running", runId: "run_2", failureReason: null });

  await end("run_2");
  expect(await row(importId)).toMatchObject({ status: "failed", failureReason: "It was tried ten times." });
});

test("a page past the end of what is said of an import's rows is the last page", async () => {
  const { importId } = await imported(twenty);

  const past = await getImport({ actor: staff, importId, page: 999_999_999 });

  expect(past).toMatchObject({ page: 1, pageCount: 1, notes: [{ rowNumber: 18 }] });
});

test("a run after the end answers the same result and changes nothing", async () => {
  const { importId, result } = await imported(twenty);

  expect(await run(importId)).toEqual(result);
});

test("a product the database refuses is refused alone", async () => {
  await db().$executeRaw`alter table product add constraint only_here check (title <> 'not here')`;
  onTestFinished(async () => void (await db().$executeRaw`alter table product drop constraint only_here`));
  const product = (handle: string, title: string) => ({ handle, title, variants: [{ price: "5.00" }] });
  const products = ["a", "b", "c", "d", "e"].map((handle) => product(handle, handle === "d" ? "not here" : "fine"));

  const { result, notes } = await imported(JSON.stringify(products), { fileName: "products.json" });

  expect(result).toMatchObject({ created: 4, refused: 1, total: 5 });
  expect((await catalogue()).map(({ handle }) => handle)).toEqual(["a", "b", "c", "e"]);
  expect(notes).toMatchObject([{ rowNumber: 4, severity: "refused", reason: expect.stringContaining("only_here") }]);
});

test("half of a character, which no UTF-8 can hold, is refused and not replaced in silence", async () => {
  const products = ["a", "b"].map((handle) => ({
    handle,
    title: handle === "b" ? "half \ud800" : "fine",
    variants: [{ price: "5.00" }],
  }));

  const { result, notes } = await imported(JSON.stringify(products), { fileName: "products.json" });

  expect(result).toMatchObject({ created: 1, refused: 1, total: 2 });
  expect(notes).toMatchObject([{ rowNumber: 2, field: "title", reason: "title: contains half of a character." }]);
});

test("a refused record is kept whatever its names and values hold, but for what Postgres cannot keep", async () => {
  const record = '{"handle":"a b","nul\\u0000":"\\ud800","pair":"\\ud83d\\ude00","text":"\\\\u0000 \\\\ud800 \\u001f"}';

  const { importId, result } = await imported(`[${record}]`, { fileName: "products.json" });

  expect(result).toMatchObject({ created: 0, refused: 1, total: 1 });
  const [kept] = await db().importReject.findMany({ where: { importId } });
  expect(kept?.rawRow).toEqual({
    handle: "a b",
    "nul\ufffd": "\ufffd",
    pair: "\u{1f600}",
    text: "\\u0000 \\ud800 \u001f",
  });
});

test("a record nested as deep as is allowed is kept when it is refused", async () => {
  const deep = `{"handle":"a b","deep":${"[".repeat(98)}[]${"]".repeat(98)}}`;

  for (const content of [`[${deep}]`, deep]) {
    const { result } = await imported(content, { fileName: "products.txt" });
    expect(result).toMatchObject({ refused: 1, total: 1 });
  }
});

test("a file in Windows-1252 is in the store with its letters, and the guess is told", async () => {
  const content = Buffer.from(shopifyCsv([{ ...mug, Title: "Tasse f\xfcr \x80 5" }]), "latin1");

  const { result, notes } = await imported(content);

  expect(result).toMatchObject({ created: 1, refused: 0 });
  expect(await db().product.findFirst()).toMatchObject({ title: "Tasse f\u00fcr \u20ac 5" });
  expect(notes).toMatchObject([
    { rowNumber: 1, severity: "adjusted", reason: expect.stringContaining("Windows-1252") },
  ]);
});

test("a product whose options do not fit those in the store is refused with all its rows", async () => {
  await imported(shopifyCsv([mug]));

  const { result, notes } = await imported(
    shopifyCsv([
      { ...apronS, Handle: "blue-mug" },
      { ...apronM, Handle: "blue-mug" },
      { ...mug, Handle: "red-mug" },
    ]),
  );

  expect(result).toMatchObject({ created: 1, updated: 0, refused: 2 });
  expect(notes.map(({ rowNumber }) => rowNumber)).toEqual([1, 2]);
  expect(notes[0]?.reason).toContain('"blue-mug" has no options');
});

test("rows of a product that come later in the file join it", async () => {
  const { result } = await imported(shopifyCsv([apronS, mug, apronM]));

  expect(result).toMatchObject({ created: 2, updated: 1, refused: 0 });
  const apron = (await catalogue()).find(({ handle }) => handle === "apron");
  expect(apron?.variants.map(({ optionValues }) => optionValues)).toEqual([["S"], ["M"]]);
});

test("stock that an order holds is kept, and said with the row of its variant", async () => {
  await imported(shopifyCsv([apronS, apronM]));
  await db().stockItem.updateMany({ where: { onHand: 1 }, data: { reserved: 1 } });

  const { result, notes } = await imported(shopifyCsv([{ ...apronS, "Variant Inventory Qty": "0" }, apronM]));

  expect(result).toMatchObject({ unchanged: 1 });
  expect(notes).toEqual([
    { rowNumber: 1, severity: "adjusted", field: "stock", reason: expect.stringContaining("orders hold 1") },
  ]);
});

test("prices are in the currency chosen for the import", async () => {
  await imported(shopifyCsv([{ ...mug, "Variant Price": "1200" }]), { currency: "JPY" });

  expect((await catalogue())[0]?.variants[0]?.price).toEqual([1200, "JPY", null]);
});

test("a file that cannot be read fails the import with the reason for people", async () => {
  const importId = await uploaded("InvoiceNo,Quantity\n1,2\n");

  await expect(run(importId)).rejects.toBeInstanceOf(UnreadableFileError);

  expect(await row(importId)).toMatchObject({
    status: "failed",
    failureReason: expect.stringContaining('"Handle" and "Variant Price" are missing'),
  });
});

test("a file that breaks off in the middle keeps the rows before and fails with the place", async () => {
  const importId = await uploaded(`${shopifyCsv([mug, { ...mug, Handle: "b" }])}"c,never closed`);

  await expect(run(importId)).rejects.toBeInstanceOf(UnreadableFileError);

  expect(await row(importId)).toMatchObject({ status: "failed", rowsRead: 2, created: 2 });
  expect((await row(importId)).failureReason).toContain("row 3");
});

test("an import that is stopped ends at the next portion and keeps what is stored", async () => {
  const importId = await uploaded(twenty);
  setCrashTrap(async (name) => {
    if (name === "import.after-chunk" && (await row(importId)).rowsRead === 12)
      await cancelImport({ actor: staff, importId, now: new Date() });
  });

  await expect(run(importId, { chunkRows: 6 })).rejects.toBeInstanceOf(ImportStateError);

  expect(await row(importId)).toMatchObject({ status: "cancelled", rowsRead: 12, created: 6 });
  expect(await db().product.count()).toBe(6);
});

test("asking twice for an import is one message to the task platform", async () => {
  const importId = await uploaded(twenty);

  await Promise.all([1, 2, 3].map(() => queueImport({ actor: staff, importId, now: new Date() })));

  const messages = await db().outboxMessage.findMany({ where: { key: `import-${importId}` } });
  expect(messages).toMatchObject([{ name: "import.start", payload: { importId }, tags: [`import_${importId}`] }]);
});

test("an import whose file has not arrived is not started", async () => {
  const { importId } = await startUpload({ actor: staff, fileName: "a.csv", sizeBytes: 5, now: new Date() });

  await expect(queueImport({ actor: staff, importId, now: new Date() })).rejects.toMatchObject({
    code: "object-not-found",
  });

  expect(await row(importId)).toMatchObject({ status: "uploading" });
});

test("progress tells rows, bytes and counts, and ends at the end", async () => {
  const importId = await uploaded(twenty);
  const seen: { rowsRead: number; bytesDone: number; bytesTotal: number; created: number }[] = [];

  await run(importId, { chunkRows: 10, report: (progress) => void seen.push(progress) });

  expect(seen.map(({ rowsRead, created }) => [rowsRead, created])).toEqual([
    [0, 0],
    [10, 5],
    [20, 10],
    [30, 15],
    [40, 20],
  ]);
  expect(seen.at(-1)).toMatchObject({ bytesDone: Buffer.byteLength(twenty), bytesTotal: Buffer.byteLength(twenty) });
});

test("only staff may import or look at imports", async () => {
  const shopper = { kind: "shopper" } as const;
  const importId = await uploaded(twenty);
  const now = new Date();

  for (const attempt of [
    () => startUpload({ actor: shopper, fileName: "a.csv", sizeBytes: 5, now }),
    () => queueImport({ actor: shopper, importId, now }),
    () => cancelImport({ actor: shopper, importId, now }),
    () => listImports({ actor: shopper }),
    () => getImport({ actor: shopper, importId }),
  ])
    await expect(attempt()).rejects.toMatchObject({ kind: "forbidden" });
});
