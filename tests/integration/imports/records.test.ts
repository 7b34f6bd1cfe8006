import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { undoImport } from "@/lib/imports/undo/undo-import";
import { startWorld, type World } from "@/tests/support/world";
import { imported, run, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await db().datasetRecord.deleteMany();
});

const type = "records";
const records = async () => {
  const found = await db().datasetRecord.findMany({ orderBy: [{ dataset: "asc" }, { externalId: "asc" }] });
  return found.map(({ dataset, externalId, data }) => [dataset, externalId, data]);
};

test("any JSON is kept whole under its id, and what has none is refused alone", async () => {
  const rich = { id: 7, tags: ["a", { deep: null }], text: "half \ud800, \0 and 5 €" };

  const { result, notes } = await imported(
    [JSON.stringify(rich), '{"id": "x"}', '{"no": 1}', "[1]", '{"id": ""}', ""].join("\n"),
    { type },
  );

  expect(result).toMatchObject({ created: 2, refused: 3, total: 5 });
  expect(await records()).toEqual([
    ["records", "7", { ...rich, text: "half \ufffd, \ufffd and 5 €" }],
    ["records", "x", { id: "x" }],
  ]);
  expect(notes.map(({ rowNumber, reason }) => [rowNumber, reason])).toEqual([
    [3, "The id is missing."],
    [4, "The record is no object."],
    [5, "The id is missing."],
  ]);
});

test("rows of a table are objects by heading, in the dataset that is named", async () => {
  const mapping = { columns: { id: "code" }, values: { dataset: "suppliers" } };

  await imported("code;name\nA1;Ada\nB2;\n", { type, mapping });

  expect(await records()).toEqual([
    ["suppliers", "A1", { code: "A1", name: "Ada" }],
    ["suppliers", "B2", { code: "B2" }],
  ]);
});

test("the same record again writes nothing, whatever the order of its names, and the later of two counts", async () => {
  const first = await imported('[{"id": 1, "a": 1, "b": 2}, {"id": 2}]', { type });
  const before = await db().datasetRecord.findMany();

  const again = await imported('[{"b": 2, "a": 1, "id": 1}, {"id": 2}]', { type });
  expect([first.result, again.result]).toMatchObject([{ created: 2 }, { created: 0, updated: 0, unchanged: 2 }]);
  expect(await db().datasetRecord.findMany()).toEqual(before);

  const twice = await imported('[{"id": 1, "a": 3}, {"id": 3}, {"id": 1, "a": 4}, {"id": 3}]', { type });
  expect(twice.result).toMatchObject({ created: 1, updated: 2, unchanged: 1 });
  expect(await records()).toMatchObject([
    ["records", "1", { a: 4 }],
    ["records", "2", {}],
    ["records", "3", {}],
  ]);
});

test("a dry run tells what would be kept, and keeps nothing", async () => {
  await imported('[{"id": 1, "a": 1}, {"id": 2}]', { type });

  const { importId, result } = await imported('[{"id": 1, "a": 2}, {"id": 2}, {"id": 3}]', { type, dryRun: true });

  expect(result).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
  expect((await db().import.findUniqueOrThrow({ where: { id: importId } })).samples).toMatchObject([
    { handle: "1", outcome: "updated", changes: [{ what: "Record", from: '{"a": 1, "id": 1}', to: '{"id":1,"a":2}' }] },
    { handle: "3", outcome: "created" },
  ]);
  expect(await db().datasetRecord.count()).toBe(2);
});

test("records that come again beside others are kept once each, across a crash between portions too", async () => {
  const lines = [1, 1, 2, 2, 3, 3, 1].map((id, index) => JSON.stringify({ id, row: index + 1 }));
  const importId = await uploaded(lines.join("\n"), { type });
  let killed = 0;
  await expect(
    run(importId, {
      chunkRows: 4,
      report: ({ rowsRead }) => {
        if (rowsRead === 4 && killed++ === 0) throw new Error("killed");
      },
    }),
  ).rejects.toThrow("killed");

  const result = await run(importId, { runId: "run_2", chunkRows: 4 });

  expect(result).toMatchObject({ created: 3, updated: 4, unchanged: 0, refused: 0, total: 7 });
  expect(await records()).toEqual([
    ["records", "1", { id: 1, row: 7 }],
    ["records", "2", { id: 2, row: 4 }],
    ["records", "3", { id: 3, row: 6 }],
  ]);
});

test("small records that replace large ones are saved and put back a few at a time", async () => {
  const [count, megabytes] = [8, 3];
  await db().$executeRaw`
    insert into dataset_record (dataset, external_id, data, created_at, updated_at)
    select 'records', n::text, jsonb_build_object('id', n, 'text', repeat('abcdefgh', ${(megabytes * 1024 * 1024) / 8})), now(), now()
    from generate_series(1, ${count}::int) n`;
  const digest = () => db().$queryRaw`select external_id, md5(data::text) as says from dataset_record order by 1`;
  const before = await digest();
  const lines = Array.from({ length: count }, (_, index) => JSON.stringify({ id: index + 1 }));

  const { importId, result } = await imported(lines.join("\n"), { type });
  expect(result).toMatchObject({ created: 0, updated: count, total: count });
  expect((await records()).map(([, , data]) => data)).toContainEqual({ id: count });

  await undoImport({ actor: staff, importId, now: new Date() });
  const done: number[] = [];
  const { undone } = await run(importId, { runId: "run_undo", report: ({ bytesDone }) => void done.push(bytesDone) });

  expect(undone).toEqual({ putBack: count, kept: 0 });
  expect(done).toEqual(Array.from({ length: count }, (_, index) => index));
  expect(await digest()).toEqual(before);
});
