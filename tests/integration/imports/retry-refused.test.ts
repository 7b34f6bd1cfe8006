import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { newId } from "@/lib/ids";
import { cancelImport } from "@/lib/imports/cancel-import";
import { endImport } from "@/lib/imports/end-import";
import { ImportStateError } from "@/lib/imports/errors";
import { getImport } from "@/lib/imports/find-imports";
import { retryRefused } from "@/lib/imports/retry-refused";
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

const now = new Date();
const again = (importId: ImportId) => retryRefused({ actor: staff, importId, now });
const row = (importId: ImportId) => db().import.findUniqueOrThrow({ where: { id: importId } });

/** Aprons with a size and a colour, whose second row has neither title nor names of options. */
const aprons = [
  { ...apronS, "Option2 Name": "Colour", "Option2 Value": "Red" },
  { ...apronM, "Option2 Value": "Red" },
];

/** An import that is refused since its product has no colours in the store yet. */
async function refusedAprons() {
  await imported(shopifyCsv([apronS]));
  const { importId, result } = await imported(shopifyCsv([mug, ...aprons]));
  expect(result).toMatchObject({ created: 1, refused: 2 });
  return importId;
}

test("rows that were refused because of what is in the store go in once that has changed, and only they are read", async () => {
  const importId = await refusedAprons();
  await db().product.deleteMany();

  const retryId = await again(importId);
  const result = await run(retryId);

  expect(result).toMatchObject({ created: 1, refused: 0, total: 2 });
  expect((await catalogue()).map(({ handle, variants }) => [handle, variants.length])).toEqual([["apron", 2]]);
  expect(await row(retryId)).toMatchObject({
    status: "completed",
    retryOfId: importId,
    format: "csv",
    currency: "EUR",
  });
  expect(await getImport({ actor: staff, importId })).toMatchObject({
    retries: [{ id: retryId, status: "completed" }],
  });
  expect(await getImport({ actor: staff, importId: retryId })).toMatchObject({ retryOf: { id: importId } });
});

test("a variant of a product that went in without it joins it later, although its row has no title", async () => {
  const prices = [{ ...apronS }, { ...apronM, "Variant Price": "bad" }];
  const { importId } = await imported(shopifyCsv(prices));
  await db().$executeRaw`
    update import_reject set raw_row = jsonb_set(raw_row, '{Variant Price}', '"50.00"') where import_id = ${importId}`;

  await run(await again(importId));

  expect((await catalogue())[0]?.variants.map(({ optionValues, price }) => [optionValues[0], price[0]])).toEqual([
    ["S", 4900],
    ["M", 5000],
  ]);
});

test("rows that are wrong in themselves are refused again for the same reasons, however odd they are", async () => {
  const lines = [
    ...[
      'Handle,Title,Variant Price,Note,Note,"Odd; ""one"""',
      'a,"=A\n""x""",1;5, v ,w,x',
      "b,B,2.00",
      "c,C,3,v,w,x,y,z",
    ],
    ...["d,D,bad,,,", ",E,1.00,,,x"],
  ];
  const { importId, result } = await imported(`${lines.join("\n")}\n`);
  expect(result.refused).toBe(5);

  const retryId = await again(importId);

  expect(await run(retryId)).toMatchObject({ created: 0, refused: 5, total: 5 });
  expect(await notesOf(retryId)).toEqual(await notesOf(importId));
  const rows = (id: ImportId) => db().importReject.findMany({ where: { importId: id }, orderBy: { rowNumber: "asc" } });
  expect((await rows(retryId)).map(({ rawRow }) => rawRow)).toEqual((await rows(importId)).map(({ rawRow }) => rawRow));
  expect((await row(retryId)).columns).toEqual((await row(importId)).columns);
});

test("a second row of a variant never takes the place of the first, however often it is tried again", async () => {
  const twice = [apronS, { ...apronM, "Option1 Value": "S", "Variant Price": "1.00" }];
  const only = await imported(shopifyCsv(twice));
  const mixed = await imported(shopifyCsv([...twice, { ...mug, "Variant Price": "bad" }]));
  expect([only.result.refused, mixed.result.refused]).toEqual([1, 2]);

  await expect(again(only.importId)).rejects.toMatchObject({ code: "import-nothing-to-retry" });
  expect(await run(await again(mixed.importId))).toMatchObject({ refused: 1, total: 1 });
  expect((await catalogue())[0]?.variants.map(({ price }) => price[0])).toEqual([4900]);
});

test("JSON records are tried again as they were", async () => {
  const sized = { handle: "apron", title: "Apron", options: ["Size", "Colour"] };
  const records = [{ ...sized, variants: [{ options: ["S", "Red"], price: 49.5 }] }, null, "text", { handle: 5 }];
  await imported(shopifyCsv([apronS]));
  const { importId, result } = await imported(records.map((one) => JSON.stringify(one)).join("\n"), {
    fileName: "products.ndjson",
  });
  expect(result).toMatchObject({ created: 0, refused: 4 });
  await emptyCatalogue();

  expect(await run(await again(importId))).toMatchObject({ created: 1, refused: 3, total: 4 });
  expect((await catalogue())[0]?.variants[0]?.price).toEqual([4950, "EUR", null]);
});

test("a retry that is interrupted goes on where its stored rows end", async () => {
  const bad = Array.from({ length: 1_200 }, (_, index) => ({ ...mug, Handle: `mug-${index}`, "Variant Price": "bad" }));
  const { importId } = await imported(shopifyCsv(bad));
  const retryId = await again(importId);
  let portions = 0;
  setCrashTrap((name) => {
    if (name === "import.after-chunk" && ++portions % 3 === 0) throw new Error("killed");
  });

  for (let runs = 1; (await row(retryId)).status !== "completed"; runs++)
    await run(retryId, { runId: `run_${runs}`, chunkRows: 150 }).catch((error) => expect(error.message).toBe("killed"));

  expect(portions).toBeGreaterThan(6);
  expect(await row(retryId)).toMatchObject({ rowsRead: 1_200, refused: 1_200 });
  expect(await notesOf(retryId)).toEqual(await notesOf(importId));
});

test("asking ten times at once, and once more after the end, is one retry with one run", async () => {
  const importId = await refusedAprons();

  const ids = await Promise.all(Array.from({ length: 10 }, () => again(importId)));
  await run(ids[0] as ImportId);
  ids.push(await again(importId));

  expect(new Set(ids).size).toBe(1);
  expect(await db().import.count({ where: { retryOfId: importId } })).toBe(1);
  expect(
    await db().outboxMessage.count({
      where: { payload: { equals: { importId: ids[0] ?? "" } }, name: "import.start" },
    }),
  ).toBe(1);
  expect(await db().auditEntry.count({ where: { action: "import.retried", subject: importId } })).toBe(1);
});

test("a retry that was broken off can be followed by another, which it cannot overtake any more", async () => {
  const importId = await refusedAprons();
  const stopped = await again(importId);
  await cancelImport({ actor: staff, importId: stopped, now });
  const second = await again(importId);
  await endImport({ importId: second, status: "failed", reason: "It was tried ten times.", now });

  const third = await again(importId);

  expect(new Set([stopped, second, third]).size).toBe(3);
  await expect(run(second)).rejects.toBeInstanceOf(ImportStateError);
  expect(await row(second)).toMatchObject({ status: "failed" });
  expect(await run(third)).toMatchObject({ total: 2 });
});

test("an import that is under way, has refused nothing or is not there has nothing to try again", async () => {
  const fine = await imported(shopifyCsv([mug]));
  const waiting = await uploaded(shopifyCsv([mug]));

  await expect(again(fine.importId)).rejects.toMatchObject({ code: "import-nothing-to-retry" });
  await expect(again(waiting)).rejects.toMatchObject({ code: "import-state" });
  await expect(again(newId("import"))).rejects.toMatchObject({ code: "import-not-found" });
  const shopper = { kind: "shopper" } as const;
  await expect(retryRefused({ actor: shopper, importId: fine.importId, now })).rejects.toMatchObject({
    kind: "forbidden",
  });
});
