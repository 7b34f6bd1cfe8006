import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { ColumnsRefusedError } from "@/lib/imports/columns/errors";
import { getColumns } from "@/lib/imports/columns/get-columns";
import { mapColumns } from "@/lib/imports/columns/map-columns";
import { needsColumns } from "@/lib/imports/columns/needs-columns";
import { ImportStateError, UnreadableFileError } from "@/lib/imports/errors";
import type { ImportType } from "@/lib/imports/import-type";
import { MapColumnsInput } from "@/lib/imports/schema";
import type { Mapping } from "@/lib/imports/table/mapping";
import { ObjectNotFoundError } from "@/lib/storage/errors";
import { startWorld, type World } from "@/tests/support/world";
import { arrived, run, staff } from "./import-text";

let world: World<"s3">;
const now = new Date("2026-03-01T12:00:00Z");
const actor = staff;

beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await db().pastOrder.deleteMany();
  await db().importColumnMapping.deleteMany();
});

const named = "Ref;What;No;Each;Description\n7;Cup;2;1.50;nice\n8;Mug;1;2.00;\n";
const mapping: Mapping = {
  columns: { number: "Ref", title: "What", quantity: "No", unitPrice: "Each" },
  values: { placedAt: "2011-02-03" },
};
const orders = (content = named) => arrived(content, { type: "orders" });
const map = (importId: ImportId, given = mapping, dryRun = false) =>
  mapColumns({ actor, importId, mapping: given, dryRun, now });
const row = (importId: ImportId) => db().import.findUniqueOrThrow({ where: { id: importId } });

test("the columns of a file are shown with its first rows and what they seem to be", async () => {
  const importId = await orders();

  const found = await getColumns({ actor, importId });

  expect(found).toMatchObject({
    type: "orders",
    format: "csv",
    names: ["Ref", "What", "No", "Each", "Description"],
    rows: [
      ["7", "Cup", "2", "1.50", "nice"],
      ["8", "Mug", "1", "2.00", ""],
    ],
    proposal: { columns: { title: "Description" }, values: {} },
    isRemembered: false,
    missing: ["number", "placedAt", "quantity", "unitPrice"],
  });
});

test("JSON has the names of its first records as columns", async () => {
  const importId = await orders('[{"Order number": 7, "Product": "Cup"}, {"Quantity": 2, "Price": null}]');

  expect(await getColumns({ actor, importId })).toMatchObject({
    format: "json",
    names: ["Order number", "Product", "Quantity", "Price"],
    rows: [
      ["7", "Cup", "", ""],
      ["", "", "2", ""],
    ],
    missing: ["placedAt"],
  });
});

test("what staff decide is how the file is read, and what they leave out is not read", async () => {
  const importId = await orders();

  await map(importId);

  expect(await run(importId)).toMatchObject({ created: 2, refused: 0 });
  const found = await db().pastOrder.findMany({ orderBy: { number: "asc" }, include: { lines: true } });
  expect(found).toMatchObject([
    { number: "7", placedAt: new Date("2011-02-03T12:00:00Z"), lines: [{ title: "Cup" }] },
    { number: "8", lines: [{ title: "Mug" }] },
  ]);
});

test("it is proposed for the next file with the same headings, whatever their case, and for no other", async () => {
  await map(await orders());

  const same = await getColumns({ actor, importId: await orders("REF;what;No;Each;Description\n9;Cup;1;1.00;\n") });
  const other = await getColumns({ actor, importId: await orders("Ref;What;No;Each\n9;Cup;1;1.00\n") });

  expect(same).toMatchObject({
    isRemembered: true,
    proposal: { columns: { number: "REF", title: "what", quantity: "No", unitPrice: "Each" }, values: mapping.values },
    missing: [],
  });
  expect(other.isRemembered).toBe(false);
});

test.each([
  [
    "a column that the file does not have",
    { columns: { ...mapping.columns, sku: "Nothing" }, values: mapping.values },
    'The file has no column "Nothing".',
  ],
  [
    "a field that is missing",
    { columns: { ...mapping.columns, number: "" }, values: {} },
    'Say which column has "Order number", "Date".',
  ],
])("%s is refused, and nothing is started", async (_name, given, message) => {
  const importId = await orders();

  await expect(map(importId, given)).rejects.toThrow(new ColumnsRefusedError(message));

  expect((await row(importId)).status).toBe("uploading");
  expect(await db().importColumnMapping.count()).toBe(0);
});

test("headings are found whatever blanks are in them, and a column and one value for all are not both taken", async () => {
  const importId = await orders("Ref; What ;No;Each\n7;Cup;2;1.50\n");
  const columns = { ...mapping.columns, title: "What" };

  await expect(map(importId, { columns: { ...columns, placedAt: "No" }, values: mapping.values })).rejects.toThrow(
    new ColumnsRefusedError('Say a column for "Date", or what all rows say, and not both.'),
  );
  await map(importId, { columns, values: mapping.values });

  expect(await run(importId)).toMatchObject({ created: 1, refused: 0 });
});

test("what a form could not show is found by its heading where it comes later in the file", async () => {
  const record = { "Order number": 1, Date: "2010-12-01", Product: "Cup", Quantity: 1, Price: 2 };
  const lines = Array.from({ length: 7 }, (_, n) => ({
    ...record,
    "Order number": n + 1,
    ...(n === 6 && { Shipping: 1 }),
  }));
  const importId = await orders(lines.map((line) => JSON.stringify(line)).join("\n"));
  const columns = {
    number: "Order number",
    placedAt: "Date",
    title: "Product",
    quantity: "Quantity",
    unitPrice: "Price",
  };

  await map(importId, { columns, values: {} });

  expect(await run(importId)).toMatchObject({ created: 7 });
  expect(await db().pastOrder.findFirst({ where: { number: "7" } })).toMatchObject({ shippingAmount: 100 });
});

test("a file from an address is read as staff decided for an earlier one with the same headings", async () => {
  const first = await orders();
  await map(first);
  await run(first);
  const importId = await orders(named.replace("7;", "17;").replace("8;", "18;"));
  await db().import.update({
    where: { id: importId },
    data: { sourceUrl: "https://files.example.com/orders.csv", status: "queued" },
  });

  // The date that was entered for all rows was that file's own.
  await expect(run(importId)).rejects.toThrow('The column "Created at" is missing');
  const dated = await orders("Ref;What;No;Each;Created at\n17;Cup;2;1.50;2012-01-01\n");
  await map(dated, { columns: { ...mapping.columns, placedAt: "Created at" }, values: {} }, true);
  const next = await orders("Ref;What;No;Each;Created at\n18;Cup;2;1.50;2012-01-01\n");
  await db().import.update({
    where: { id: next },
    data: { sourceUrl: "https://files.example.com/2.csv", status: "queued" },
  });
  expect(await run(next, { runId: "run_2" })).toMatchObject({ created: 1, refused: 0 });
});

test("of several who decide at once one does, and there is one run", async () => {
  const importId = await orders();

  const results = await Promise.allSettled([map(importId), map(importId), map(importId)]);

  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toBeInstanceOf(ImportStateError);
  expect(await db().outboxMessage.count({ where: { key: { startsWith: `import-${importId}` } } })).toBe(1);
});

test("after a dry run, or a failure before the first row, the columns can be decided anew, and after rows are in not", async () => {
  const importId = await orders();
  await map(importId, { columns: { ...mapping.columns, title: "Description" }, values: mapping.values }, true);
  expect(await run(importId)).toMatchObject({ created: 1, refused: 1 });

  await map(importId, mapping, true);
  expect(await run(importId, { runId: "run_2" })).toMatchObject({ created: 2, refused: 0 });
  expect(await db().importReject.count({ where: { importId } })).toBe(0);

  await map(importId, {
    columns: mapping.columns,
    values: { ...mapping.values, dateOrder: "sideways" },
  });
  await expect(run(importId, { runId: "run_3" })).rejects.toThrow(UnreadableFileError);

  await map(importId);
  expect(await run(importId, { runId: "run_4" })).toMatchObject({ created: 2, refused: 0 });
  await expect(map(importId)).rejects.toThrow(ImportStateError);
});

test("each table is looked at before it is read, but for products that have all they need and what cannot be read", async () => {
  const needs = async (type: ImportType, content: string) =>
    needsColumns({ actor, importId: await arrived(content, { type }) });

  expect(await needs("orders", named)).toBe(true);
  expect(await needs("products", "Handle,Title,Variant Price\nmug,Mug,1.00\n")).toBe(false);
  expect(await needs("products", "Handle,Name,Cost\nmug,Mug,1.00\n")).toBe(true);
  expect(await needs("products", '[{"handle": "mug"}]')).toBe(false);
  expect(await needs("orders", "<html></html>")).toBe(false);
});

test("only staff see and decide, and only of a file that has arrived", async () => {
  const importId = await orders();
  const shopper: Actor = { kind: "shopper" };

  await expect(getColumns({ actor: shopper, importId })).rejects.toThrow(NotAllowedError);
  await expect(mapColumns({ actor: shopper, importId, mapping, dryRun: false, now })).rejects.toThrow(NotAllowedError);
  await db().import.update({ where: { id: importId }, data: { sourceKey: "imports/nothing" } });
  await expect(getColumns({ actor, importId })).rejects.toThrow(ObjectNotFoundError);
});

test("the form's fields become columns and values by their names", () => {
  const importId = "imp_01k00000000000000000000000";

  expect(
    MapColumnsInput.parse({ importId, dryRun: "on", "column.number": "Ref", "value.placedAt": "2011-02-03" }),
  ).toEqual({
    importId,
    dryRun: true,
    mapping: { columns: { number: "Ref" }, values: { placedAt: "2011-02-03" } },
  });
  expect(MapColumnsInput.safeParse({ importId, "column.number": "x".repeat(2_000) }).success).toBe(false);
});
