import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { saveProduct } from "@/lib/catalog/save-product";
import { setCrashTrap } from "@/lib/crash-point";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { ImportStateError, NothingToUndoError, TooLateToUndoError } from "@/lib/imports/errors";
import { getImport } from "@/lib/imports/find-imports";
import type { ImportType } from "@/lib/imports/import-type";
import { retryRefused } from "@/lib/imports/retry-refused";
import { forgetChanges } from "@/lib/imports/undo/forget-changes";
import { undoImport } from "@/lib/imports/undo/undo-import";
import { startWorld, type World } from "@/tests/support/world";
import { catalogue, emptyCatalogue, imported, run, staff } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await emptyCatalogue();
  await db().pastOrder.deleteMany();
  await db().datasetRecord.deleteMany();
  await db().user.deleteMany();
});

const now = () => new Date();
const ask = (importId: ImportId) => undoImport({ actor: staff, importId, now: now() });
const row = (importId: ImportId) => db().import.findUniqueOrThrow({ where: { id: importId } });

/** Asks for it and does it, as its run would. */
async function undone(importId: ImportId) {
  await ask(importId);
  const result = await run(importId, { runId: "run_undo" });
  const notes = await db().importReject.findMany({
    where: { importId, severity: "kept" },
    orderBy: { rowNumber: "asc" },
  });
  return { ...result.undone, notes: notes.map(({ rowNumber, reason }) => [rowNumber, reason]) };
}

const header =
  "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,Image Src";
const before = [
  header,
  "mug,Mug,Size,S,MUG-S,1.00,shopify,5,https://x/mug.jpg",
  "mug,,,L,MUG-L,2.00,shopify,7,",
  "cup,Cup,Size,S,CUP,3.00,shopify,1,",
  "",
].join("\n");
const after = [
  header,
  "mug,Big mug,Size,S,MUG-1,1.50,shopify,50,https://x/other.jpg",
  "mug,,,XL,MUG-XL,9.00,shopify,3,",
  "bowl,Bowl,Size,S,BOWL,4.00,shopify,2,",
  "cup,Cup,Size,S,CUP,3.00,,1,",
  "",
].join("\n");

describe("products", () => {
  test("become what they were, new ones are gone, and the ledger of the stock adds up", async () => {
    await imported(before);
    const was = await catalogue();
    const { importId } = await imported(after);
    expect(await catalogue()).not.toEqual(was);

    expect(await undone(importId)).toEqual({ putBack: 3, kept: 0, notes: [] });

    expect(await catalogue()).toEqual(was);
    expect(await row(importId)).toMatchObject({ status: "undone", putBack: 3, kept: 0 });
    expect(await db().importChange.count({ where: { importId } })).toBe(0);
  });

  test("that somebody changed since are left and said, with their row, and the others are put back", async () => {
    await imported(before);
    const { importId } = await imported(after);
    const price = { optionValues: ["S"], priceAmount: 777, currency: "EUR" as const };
    await bulkTransaction((tx) =>
      saveProduct(tx, { handle: "mug", variants: [price], images: [] }, { now: new Date(Date.now() + 1000) }),
    );

    expect(await undone(importId)).toEqual({
      putBack: 2,
      kept: 1,
      notes: [[1, "The product was changed since, and was left as it is."]],
    });

    expect((await catalogue()).map(({ handle, title }) => [handle, title])).toEqual([
      ["cup", "Cup"],
      ["mug", "Big mug"],
    ]);
  });

  test("of which only pictures were changed since count as changed", async () => {
    const { importId } = await imported(after);
    await imported(`${header}\nmug,Big mug,Size,S,MUG-1,1.50,shopify,50,https://x/third.jpg\n`);

    expect(await undone(importId)).toMatchObject({ putBack: 2, kept: 1 });
  });

  test("that were ordered since stay where they are new, and what was sold stays sold where they are not", async () => {
    await imported(before);
    const { importId } = await imported(after);
    for (const sku of ["BOWL", "MUG-1"]) {
      const { id } = await db().variant.findFirstOrThrow({ where: { sku } });
      await db().stockItem.update({ where: { variantId: id }, data: { onHand: { decrement: 2 } } });
      await db().stockMovement.create({ data: { id: `mov_${sku}`, variantId: id, kind: "sold", quantity: 2 } });
    }

    expect(await undone(importId)).toEqual({
      putBack: 2,
      kept: 1,
      notes: [[3, "The product was ordered or counted since, and was left as it is."]],
    });

    const mug = (await catalogue()).find(({ handle }) => handle === "mug");
    expect(mug?.variants.map(({ sku, stock }) => [sku, stock[1]])).toEqual([
      ["MUG-S", 3],
      ["MUG-L", 7],
    ]);
  });

  test("that one file changed twice become what they were before it", async () => {
    await imported(before);
    const was = await catalogue();
    const { importId } = await imported(
      [
        header,
        "mug,One,Size,S,MUG-S,1.10,shopify,6,",
        "tin,Tin,Size,S,TIN,1.00,shopify,1,",
        "mug,Two,Size,S,MUG-S,1.20,shopify,7,",
        "tin,Tin,Size,S,TIN,2.00,shopify,1,",
        "",
      ].join("\n"),
    );

    expect(await undone(importId)).toEqual({ putBack: 4, kept: 0, notes: [] });

    expect(await catalogue()).toEqual(was);
  });

  test("of which there are many are put back in portions, and an undo that died goes on", async () => {
    await imported(before);
    const was = await catalogue();
    const rows = Array.from({ length: 2_500 }, (_, n) => `p-${n},P,Size,S,P${n},1.00,shopify,1,`);
    const { importId } = await imported([header, ...rows, ""].join("\n"));
    await ask(importId);
    let portions = 0;
    setCrashTrap((name) => {
      if (name === "import.after-undo" && ++portions === 2) throw new Error("killed");
    });

    await expect(run(importId, { runId: "run_2" })).rejects.toThrow("killed");
    expect(await row(importId)).toMatchObject({ status: "undoing", putBack: 2_000 });
    setCrashTrap(undefined);

    expect((await run(importId, { runId: "run_3" })).undone).toEqual({ putBack: 2_500, kept: 0 });
    expect(await catalogue()).toEqual(was);
  });
});

test("two imports that are undone, the newest first, leave everything as it was before both", async () => {
  await imported(before);
  const was = await catalogue();
  const first = await imported(after);
  const second = await imported("SKU,On hand\nMUG-1,9\nBOWL,8\n", { type: "inventory" });
  const third = await imported(`${header}\nmug,Third mug,Size,S,MUG-1,7.00,shopify,70,\n`);

  for (const { importId } of [third, second, first]) expect(await undone(importId)).toMatchObject({ kept: 0 });

  const now = await catalogue();
  expect(now).toEqual(was);
});

test("a retry that was undone can be made anew", async () => {
  const bad = "SKU,On hand\nLATER,5\n";
  const { importId } = await imported(bad, { type: "inventory" });
  await imported(`${header}\nlater,Later,Size,S,LATER,1.00,shopify,1,\n`);
  const retryId = await retryRefused({ actor: staff, importId, now: now() });
  expect(await run(retryId)).toMatchObject({ updated: 1 });
  await undone(retryId);

  const again = await retryRefused({ actor: staff, importId, now: now() });

  expect(again).not.toBe(retryId);
  expect(await run(again, { runId: "run_again" })).toMatchObject({ updated: 1 });
});

afterEach(() => setCrashTrap(undefined));

test("stock that an import set goes back by what it moved, unless it was counted since or orders hold it", async () => {
  await imported(before);
  const { importId } = await imported("SKU,On hand\nMUG-S,50\nMUG-L,70\nCUP,10\n", { type: "inventory" });
  const idOf = async (sku: string) => (await db().variant.findFirstOrThrow({ where: { sku } })).id;
  await imported("SKU,On hand\nMUG-L,60\n", { type: "inventory" });
  await db().stockItem.update({ where: { variantId: await idOf("CUP") }, data: { reserved: 4 } });

  expect(await undone(importId)).toEqual({
    putBack: 1,
    kept: 2,
    notes: [
      [2, "The stock was counted since, and was left as it is."],
      [3, "Stock was set to 4 instead of 1, because orders hold 4."],
    ],
  });

  const stock = async (sku: string) =>
    (await db().stockItem.findUniqueOrThrow({ where: { variantId: await idOf(sku) } })).onHand;
  expect([await stock("MUG-S"), await stock("MUG-L"), await stock("CUP")]).toEqual([5, 60, 4]);
});

test("customers who came are gone and names are what they were, but accounts that are somebody's own stay", async () => {
  const type: ImportType = "customers";
  await imported("Email,Name\nada@example.com,Ada\n", { type });
  const { importId } = await imported(
    "Email,Name\nada@example.com,Eve\ngrace@example.com,Grace\nkay@example.com,Kay\n",
    { type },
  );
  await db().user.update({ where: { email: "kay@example.com" }, data: { emailVerified: true } });

  expect(await undone(importId)).toEqual({
    putBack: 2,
    kept: 1,
    notes: [[3, "The account was used or changed since, and was left as it is."]],
  });

  const users = await db().user.findMany({ orderBy: { email: "asc" } });
  expect(users.map(({ email, name }) => [email, name])).toEqual([
    ["ada@example.com", "Ada"],
    ["kay@example.com", "Kay"],
  ]);
});

test("past orders that came are gone, and those of another import stay", async () => {
  const type: ImportType = "orders";
  const columns = "Order number,Date,Product,Quantity,Price";
  await imported(`${columns}\n1,2010-12-01,Cup,1,1.00\n`, { type });
  const { importId } = await imported(
    `${columns}\n1,2010-12-01,Cup,1,1.00\n2,2010-12-01,Cup,1,1.00\n3,2010-12-01,Cup,-1,1.00\n`,
    { type },
  );

  expect(await undone(importId)).toEqual({ putBack: 2, kept: 0, notes: [] });

  expect((await db().pastOrder.findMany()).map(({ number }) => number)).toEqual(["1"]);
});

test("records become what they were, also those that one file wrote twice, and what was written since stays", async () => {
  const type: ImportType = "records";
  await imported('[{"id": 1, "a": 1}, {"id": 2, "a": 1}]', { type });
  const was = await db().datasetRecord.findMany({ orderBy: { externalId: "asc" } });
  const { importId } = await imported('[{"id": 1, "a": 2}, {"id": 3}, {"id": 1, "a": 3}, {"id": 4}]', { type });
  await imported('[{"id": 4, "b": 1}]', { type });

  expect(await undone(importId)).toEqual({
    putBack: 3,
    kept: 1,
    notes: [[4, "The record was changed since, and was left as it is."]],
  });

  const records = await db().datasetRecord.findMany({ orderBy: { externalId: "asc" } });
  expect(records.slice(0, 2)).toEqual(was);
  expect(records.map(({ externalId }) => externalId)).toEqual(["1", "2", "4"]);
});

test("only staff undo, only what has changed something and is not under way, and asking twice is one run", async () => {
  const shopper: Actor = { kind: "shopper" };
  const dryRun = await imported(before, { dryRun: true });
  await expect(ask(dryRun.importId)).rejects.toThrow(ImportStateError);
  const { importId } = await imported(before);
  const again = await imported(before);
  await expect(ask(again.importId)).rejects.toThrow(NothingToUndoError);
  await expect(undoImport({ actor: shopper, importId, now: now() })).rejects.toThrow(NotAllowedError);

  await Promise.all([ask(importId), ask(importId), ask(importId)]);

  const messages = await db().outboxMessage.count({ where: { key: { startsWith: `import-${importId}` } } });
  expect(messages).toBe(2);
  await run(importId, { runId: "run_undo" });
  await expect(ask(importId)).rejects.toThrow(ImportStateError);
  expect((await run(importId, { runId: "run_more" })).undone).toEqual({ putBack: 2, kept: 0 });
});

test("an undo that another run has brought to its end meanwhile answers as that does", async () => {
  const { importId } = await imported(after);
  await ask(importId);
  let begun = 0;
  const report = async () => {
    if (begun++ === 0) await run(importId, { runId: "run_beside" });
  };

  expect((await run(importId, { runId: "run_undo", report })).undone).toEqual({ putBack: 3, kept: 0 });

  expect(await row(importId)).toMatchObject({ status: "undone", putBack: 3, runId: "run_beside" });
});

test("thirty days after its end an import cannot be undone any more, and says so", async () => {
  await db().import.deleteMany();
  const old = await imported(before);
  const young = await imported(after);
  const asked = await imported("Handle,Title,Variant Price\npot,Pot,1.00\n");
  await ask(asked.importId);
  const day = 24 * 60 * 60 * 1_000;
  const end = new Date();
  await db().import.updateMany({
    where: { id: { in: [old.importId, asked.importId] } },
    data: { finishedAt: end },
  });
  await db().import.update({ where: { id: young.importId }, data: { finishedAt: new Date(end.getTime() + day) } });

  expect(await forgetChanges({ now: new Date(end.getTime() + 30 * day) })).toEqual({ imports: 0, changes: 0 });
  expect((await getImport({ actor: staff, importId: old.importId })).canUndo).toBe(true);

  await db().dryRunKey.createMany({
    data: [old.importId, young.importId].map((importId) => ({ importId, key: "sale 1" })),
  });
  const later = new Date(end.getTime() + 30 * day + 1);
  expect(await forgetChanges({ now: later })).toEqual({ imports: 1, changes: 2 });
  expect(await forgetChanges({ now: later })).toEqual({ imports: 0, changes: 0 });
  expect(await db().dryRunKey.findMany()).toMatchObject([{ importId: young.importId }]);

  expect(await getImport({ actor: staff, importId: old.importId })).toMatchObject({
    canUndo: false,
    changesForgottenAt: later,
  });
  await expect(ask(old.importId)).rejects.toThrow(TooLateToUndoError);
  await expect(ask(old.importId)).rejects.toMatchObject({
    publicMessage: "Can no longer be undone: that is possible for 30 days.",
  });
  expect(await undone(young.importId)).toMatchObject({ putBack: 3 });
  expect((await run(asked.importId, { runId: "run_asked" })).undone).toEqual({ putBack: 1, kept: 0 });
});
