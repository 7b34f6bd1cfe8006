import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { applyDryRun } from "@/lib/imports/apply-dry-run";
import { ImportStateError } from "@/lib/imports/errors";
import { retryRefused } from "@/lib/imports/retry-refused";
import { ImportSample, samplesMax } from "@/lib/imports/samples";
import { startWorld, type World } from "@/tests/support/world";
import { apronM, apronS, mug, shopifyCsv } from "../../unit/imports/read-text";
import { catalogue, emptyCatalogue, imported, notesOf, run, staff, uploaded, writes } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await emptyCatalogue();
  await db().outboxMessage.deleteMany();
});

const row = (importId: string) => db().import.findUniqueOrThrow({ where: { id: importId } });
const samplesOf = async (importId: string) => z.array(ImportSample).parse((await row(importId)).samples);
const apply = (importId: Awaited<ReturnType<typeof uploaded>>) =>
  applyDryRun({ actor: staff, importId, now: new Date() });

const badMug = { ...mug, Handle: "bad-mug", "Variant Price": "9,99" };
const changedMug = { ...mug, Title: "Large mug", "Variant Price": "21.50", "Variant Inventory Qty": "7" };

test("a dry run tells what would become of each product and row, and writes nothing to the catalogue", async () => {
  await imported(shopifyCsv([mug, { ...apronS, Handle: "kept" }]));
  const before = await writes();

  const file = shopifyCsv([changedMug, { ...apronS, Handle: "kept" }, apronS, apronM, badMug]);
  const { importId, result, notes } = await imported(file, { dryRun: true });

  expect(result).toMatchObject({ created: 1, updated: 1, unchanged: 1, refused: 1, total: 5 });
  expect(notes).toMatchObject([{ rowNumber: 5, severity: "refused", field: "Variant Price" }]);
  expect(await writes()).toEqual(before);
  const [large, apron] = await samplesOf(importId);
  expect(large).toMatchObject({ rowNumber: 1, handle: mug.Handle, outcome: "updated", more: 0 });
  expect(large?.changes).toContainEqual({ what: "Title", from: mug.Title, to: "Large mug" });
  expect(large?.changes).toContainEqual(expect.objectContaining({ what: "Price", to: "€21.50" }));
  expect(large?.changes).toContainEqual(expect.objectContaining({ what: "Stock", to: "7" }));
  expect(apron).toMatchObject({ rowNumber: 3, outcome: "created", changes: [] });
});

test("what a dry run tells is what the import then does, once, however often it is asked for", async () => {
  await imported(shopifyCsv([mug]));
  const { importId, result: told } = await imported(shopifyCsv([changedMug, apronS, apronM, badMug]), { dryRun: true });

  await Promise.all([apply(importId), apply(importId), apply(importId)]);

  expect(await db().outboxMessage.count({ where: { payload: { equals: { importId } }, name: "import.start" } })).toBe(
    2,
  );
  expect(await notesOf(importId)).toEqual([]);
  const done = await run(importId, { runId: "run_2" });
  expect(done).toMatchObject({ ...told, durationMs: expect.any(Number) });
  expect(await notesOf(importId)).toHaveLength(1);
  expect(await row(importId)).toMatchObject({ isDryRun: false, status: "completed", samples: [] });
  expect((await catalogue()).map(({ title }) => title).sort()).toEqual(["Bench apron", "Large mug"]);
});

test("stock below what orders hold is told as the import would take it", async () => {
  await imported(shopifyCsv([mug]));
  await db().stockItem.updateMany({ data: { onHand: 10, reserved: 4 } });

  const { result, notes } = await imported(shopifyCsv([{ ...mug, "Variant Inventory Qty": "1" }]), { dryRun: true });

  expect(result).toMatchObject({ updated: 1 });
  expect(notes).toMatchObject([{ severity: "adjusted", reason: expect.stringContaining("orders hold 4") }]);
});

test("a dry run shows a bounded number of examples, also over portions and a crash", async () => {
  const many = Array.from({ length: 3 * samplesMax }, (_, n) => ({ ...mug, Handle: `mug-${n}` }));
  const importId = await uploaded(shopifyCsv(many), { dryRun: true });
  let told = 0;
  const crash = ({ rowsRead }: { rowsRead: number }) => {
    if (rowsRead > 0 && told++ === 0) throw new Error("killed");
  };
  await expect(run(importId, { chunkRows: 7, report: crash })).rejects.toThrow("killed");

  expect(await run(importId, { chunkRows: 7 })).toMatchObject({ created: many.length, total: many.length });

  expect((await samplesOf(importId)).map(({ rowNumber }) => rowNumber)).toEqual(
    Array.from({ length: samplesMax }, (_, n) => n + 1),
  );
});

test("a dry run sends no mail, its refused rows are not tried again by themselves, and only staff apply it", async () => {
  const { importId } = await imported(shopifyCsv([mug, badMug]), { dryRun: true });

  expect(await db().outboxMessage.count({ where: { name: "import.notify" } })).toBe(0);
  await expect(retryRefused({ actor: staff, importId, now: new Date() })).rejects.toThrow(ImportStateError);
  await expect(applyDryRun({ actor: { kind: "shopper" }, importId, now: new Date() })).rejects.toThrow(NotAllowedError);
  expect(await db().product.count()).toBe(0);
});

test("a dry run that has not come to its end is not applied", async () => {
  const importId = await uploaded(shopifyCsv([mug]), { dryRun: true });

  await expect(apply(importId)).rejects.toThrow(ImportStateError);

  expect(await row(importId)).toMatchObject({ isDryRun: true, status: "queued" });
});

test.each([
  { stuck: "before its first portion", rows: 0, next: "run_1" },
  { stuck: "before its first portion", rows: 0, next: "run_2" },
  { stuck: "before its end", rows: 1, next: "run_1" },
  { stuck: "before its end", rows: 1, next: "run_2" },
])("an attempt at a dry run that was stuck $stuck ends nothing of what $next imports", async ({ rows, next }) => {
  const importId = await uploaded(shopifyCsv([mug]), { dryRun: true });
  const killed = () => {
    throw new Error("killed");
  };
  let isStuck = true;
  const stuckAt = async ({ rowsRead }: { rowsRead: number }) => {
    if (!isStuck || rowsRead !== rows) return;
    isStuck = false;
    await run(importId);
    await apply(importId);
    await expect(run(importId, { runId: next, report: killed })).rejects.toThrow("killed");
  };

  await expect(run(importId, { report: stuckAt })).rejects.toThrow(TemporaryError);

  expect(await row(importId)).toMatchObject({ status: "running", rowsRead: 0, samples: [] });
  expect(await run(importId, { runId: next })).toMatchObject({ created: 1, total: 1 });
  expect(await db().product.count()).toBe(1);
});

test("a long text is shortened between two characters, never within one", async () => {
  await imported(shopifyCsv([mug]));
  const long = { ...mug, "Body (HTML)": `${"x".repeat(119)}\u{1f600}${"x".repeat(10)}` };

  const { importId } = await imported(shopifyCsv([long]), { dryRun: true });

  const [sample] = await samplesOf(importId);
  expect(sample?.changes).toContainEqual(expect.objectContaining({ what: "Description", to: `${"x".repeat(119)}…` }));
});
