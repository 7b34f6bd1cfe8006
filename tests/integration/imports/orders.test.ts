import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { retryRefused } from "@/lib/imports/retry-refused";
import { sharedData } from "@/tests/support/shared-data";
import { startWorld, type World } from "@/tests/support/world";
import { imported, notesOf, run, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await db().pastOrder.deleteMany();
});

const type = "orders";
const header = "Order number,Date,SKU,Product,Quantity,Price";
const file = (...rows: string[]) => [header, ...rows, ""].join("\n");
const three = [
  "7,2010-12-01,MUG,Blue mug,6,2.55",
  "7,2010-12-01,CUP,Cup,1,0.10",
  "C7,2010-12-02,MUG,Blue mug,-2,2.55",
  "8,2010-12-03,CUP,Cup,1,0.10",
];

/** All past orders, without ids and times of ours. */
async function history() {
  const orders = await db().pastOrder.findMany({
    orderBy: [{ number: "asc" }, { kind: "asc" }],
    include: { lines: { orderBy: { position: "asc" } } },
  });
  return orders.map(({ id, importId, createdAt, checksum, lines, ...order }) => ({
    ...order,
    lines: lines.map(({ orderId, ...line }) => line),
  }));
}

test("past orders come into the store as they are in the file, and move no stock and no money", async () => {
  const before = await others();

  const { importId, result } = await imported(file(...three), { type });

  expect(result).toMatchObject({ created: 3, updated: 0, unchanged: 0, refused: 0, total: 4 });
  expect(await history()).toMatchObject([
    {
      kind: "sale",
      number: "7",
      placedAt: new Date("2010-12-01T12:00:00Z"),
      totalAmount: 1540,
      lines: [
        { kind: "product", sku: "MUG", title: "Blue mug", quantity: 6, totalAmount: 1530 },
        { kind: "product", sku: "CUP", title: "Cup", quantity: 1, totalAmount: 10 },
      ],
    },
    { kind: "sale", number: "8", totalAmount: 10 },
    { kind: "refund", number: "C7", totalAmount: 510 },
  ]);
  expect(await db().pastOrder.count({ where: { importId } })).toBe(3);
  expect(await others()).toEqual(before);
});

async function others() {
  const [orders, payments, movements, mails] = await Promise.all([
    db().order.count(),
    db().payment.count(),
    db().stockMovement.count(),
    db().sentMail.count(),
  ]);
  return { orders, payments, movements, mails };
}

test("the same file again writes nothing", async () => {
  await imported(file(...three), { type });
  const before = await db().pastOrder.findMany({ orderBy: { id: "asc" } });

  const { result } = await imported(file(...three), { type });

  expect(result).toMatchObject({ created: 0, updated: 0, unchanged: 3, refused: 0 });
  expect(await db().pastOrder.findMany({ orderBy: { id: "asc" } })).toEqual(before);
});

test("an order that is there and says something else is refused", async () => {
  await imported(file(...three), { type });
  const before = await history();

  const { result, notes } = await imported(file("8,2010-12-03,CUP,Cup,2,0.10", "9,2010-12-03,CUP,Cup,1,0.10"), {
    type,
  });

  expect(result).toMatchObject({ created: 1, updated: 0, unchanged: 0, refused: 1 });
  expect(notes).toEqual([refused(1, "Order 8 is there already and says something else. Past orders are not changed.")]);
  expect((await history()).filter(({ number }) => number !== "9")).toEqual(before);
});

test.each([
  ["in one portion", 100],
  ["in two", 1],
])("a file in which the rows of an order do not follow each other fails and says so, %s", async (_name, chunkRows) => {
  const rows = ["1,2010-12-01,CUP,Cup,1,5.00", "2,2010-12-01,CUP,Cup,1,5.00", "1,2010-12-01,CUP,Cup,1,5.00"];
  const importId = await uploaded(file(...rows), { type });

  await expect(run(importId, { chunkRows })).rejects.toThrow(/rows of order 1 do not follow each other/);

  expect(await db().import.findUniqueOrThrow({ where: { id: importId } })).toMatchObject({
    status: "failed",
    failureReason: expect.stringContaining("Undo this import, sort the file by order number"),
  });
});

test.each([
  ["in one portion", 100],
  ["in two", 1],
])("a dry run of such a file fails as well, also when it goes on after a crash, %s", async (_name, chunkRows) => {
  const rows = ["1,2010-12-01,CUP,Cup,1,5.00", "2,2010-12-01,CUP,Cup,1,5.00", "1,2010-12-01,CUP,Cup,1,5.00"];
  const importId = await uploaded(file(...rows), { type, dryRun: true });
  let deaths = 0;
  const report = ({ rowsRead }: { rowsRead: number }) => {
    if (rowsRead === 1 && deaths++ === 0) throw new Error("killed");
  };
  if (chunkRows === 1) await expect(run(importId, { chunkRows, report })).rejects.toThrow("killed");

  await expect(run(importId, { runId: "run_2", chunkRows })).rejects.toThrow(
    /would be taken for all of it\. Sort the file by order number/,
  );

  expect(await db().import.findUniqueOrThrow({ where: { id: importId } })).toMatchObject({ status: "failed" });
  expect(await db().pastOrder.count()).toBe(0);
});

test("a dry run that begins anew has come by nothing, and leaves nothing when it is over", async () => {
  const importId = await uploaded(file(...three), { type, dryRun: true });
  await db().dryRunKey.create({ data: { importId, key: "sale 7" } });

  expect(await run(importId, { chunkRows: 1 })).toMatchObject({ created: 3, refused: 0 });

  expect(await db().dryRunKey.count({ where: { importId } })).toBe(0);
});

const refused = (rowNumber: number, reason: string) => ({ rowNumber, severity: "refused", field: null, reason });

test("a refund of later comes to an order of before", async () => {
  const columns = `${header},Refunded Amount`;
  await imported(`${columns}\n7,2010-12-01,CUP,Cup,1,5.00,0.00\n`, { type });

  const { result } = await imported(`${columns}\n7,2010-12-01,CUP,Cup,1,5.00,2.00\n`, { type });

  expect(result).toMatchObject({ created: 0, updated: 1, unchanged: 0, refused: 0 });
  expect(await history()).toMatchObject([
    { kind: "sale", totalAmount: 500 },
    { kind: "refund", totalAmount: 200 },
  ]);
});

test("a dry run tells what would come, and writes nothing", async () => {
  await imported(file(three[3] ?? ""), { type });

  const { importId, result } = await imported(file(...three), { type, dryRun: true });

  expect(result).toMatchObject({ created: 2, unchanged: 1, refused: 0 });
  expect(await db().pastOrder.count()).toBe(1);
  const { samples } = await db().import.findUniqueOrThrow({ where: { id: importId } });
  expect(samples).toMatchObject([
    {
      rowNumber: 1,
      handle: "7",
      outcome: "created",
      changes: [{ what: "Sold", from: "", to: "€15.40 on 2010-12-01, 7 pieces" }],
    },
    {
      rowNumber: 3,
      handle: "C7",
      outcome: "created",
      changes: [{ what: "Given back", to: "€5.10 on 2010-12-02, 2 pieces" }],
    },
  ]);
});

test("an import that dies between two portions goes on behind the last whole order", async () => {
  const importId = await uploaded(file(...three), { type });
  const dead = { crash: 0 };
  await expect(
    run(importId, {
      chunkRows: 2,
      report: ({ rowsRead }) => {
        if (rowsRead === 2 && dead.crash++ === 0) throw new Error("killed");
      },
    }),
  ).rejects.toThrow("killed");
  expect(await db().pastOrder.count()).toBe(1);

  const result = await run(importId, { runId: "run_2", chunkRows: 2 });

  expect(result).toMatchObject({ created: 3, refused: 0, total: 4 });
  expect(await history()).toHaveLength(3);
});

test("two who import the same orders at once keep each once", async () => {
  const ids = await Promise.all([uploaded(file(...three), { type }), uploaded(file(...three), { type })]);

  const results = await Promise.all(ids.map((id, index) => run(id, { runId: `run_${index}` })));

  expect(results.map(({ created, unchanged }) => created + unchanged)).toEqual([3, 3]);
  expect(results.reduce((sum, { created }) => sum + created, 0)).toBe(3);
  expect(await history()).toHaveLength(3);
});

describe("the columns of a file", () => {
  const named = "Ref;What;No;Each\n7;Cup;2;1.50\n";
  const mapping = {
    columns: { number: "Ref", title: "What", quantity: "No", unitPrice: "Each" },
    values: { placedAt: "2011-02-03" },
  };

  test("are read as staff said, also of refused rows that are tried again", async () => {
    const { importId, result } = await imported(`${named}8;Cup;some;1.50\n`, { type, mapping });

    expect(result).toMatchObject({ created: 1, refused: 1 });
    const retryId = await retryRefused({ actor: staff, importId, now: new Date() });
    expect(await run(retryId)).toMatchObject({ created: 0, refused: 1 });
    expect(await notesOf(retryId)).toMatchObject([
      { field: "No", reason: 'Row 1: "some" is no whole number of pieces.' },
    ]);
    expect(await history()).toMatchObject([
      { number: "7", placedAt: new Date("2011-02-03T12:00:00Z"), totalAmount: 300 },
    ]);
  });
});

const path = sharedData("online-retail-50k.csv");

describe.skipIf(!path)("fifty thousand lines of a shop's invoices", () => {
  type Line = Record<
    "InvoiceNo" | "StockCode" | "Description" | "Quantity" | "UnitPrice" | "CustomerID" | "Country",
    string
  >;
  const shippingCodes = ["POST", "DOT"];
  const feeCodes = ["M", "D", "S", "AMAZONFEE", "BANK CHARGES"];
  const mapping = {
    columns: {
      number: "InvoiceNo",
      sku: "StockCode",
      title: "Description",
      quantity: "Quantity",
      unitPrice: "UnitPrice",
      customer: "CustomerID",
      country: "Country",
    },
    values: { placedAt: "2010-12-01", shippingCodes: shippingCodes.join(", "), feeCodes: feeCodes.join(", ") },
  };

  /** What the file says, counted in pence without any of the import's own code. */
  function counted(content: string) {
    const sums = {
      sales: 0,
      refunds: 0,
      sold: 0,
      back: 0,
      shipping: 0,
      shippingBack: 0,
      pieces: 0,
      piecesBack: 0,
      fees: 0,
      feesBack: 0,
      refused: 0,
    };
    const sales = new Set<string>();
    const refunds = new Set<string>();
    for (const line of parse(content, { columns: true, bom: true }) as Line[]) {
      const pence = Math.round(Number(line.UnitPrice) * 100);
      if (pence === 0) {
        sums.refused += 1;
        continue;
      }
      const pieces = Math.abs(Number(line.Quantity));
      const code = line.StockCode.toUpperCase();
      const isShipping = shippingCodes.includes(code);
      const isFee = feeCodes.includes(code);
      if (line.InvoiceNo.startsWith("C")) {
        refunds.add(line.InvoiceNo);
        sums.back += pieces * pence;
        if (isShipping) sums.shippingBack += pieces * pence;
        else if (isFee) sums.feesBack += pieces * pence;
        else sums.piecesBack += pieces;
      } else {
        sales.add(line.InvoiceNo);
        sums.sold += pieces * pence;
        if (isShipping) sums.shipping += pieces * pence;
        else if (isFee) sums.fees += pieces * pence;
        else sums.pieces += pieces;
      }
    }
    return { ...sums, sales: sales.size, refunds: refunds.size };
  }

  async function stored() {
    const sums = async (kind: "sale" | "refund") => {
      const orders = await db().pastOrder.aggregate({
        where: { kind },
        _count: true,
        _sum: { totalAmount: true, shippingAmount: true },
      });
      const products = await db().pastOrderLine.aggregate({
        where: { kind: "product", order: { kind } },
        _sum: { quantity: true },
      });
      const fees = await db().pastOrderLine.aggregate({
        where: { kind: "fee", order: { kind } },
        _sum: { totalAmount: true },
      });
      return { orders, products: products._sum.quantity, fees: fees._sum.totalAmount };
    };
    const [sale, refund] = [await sums("sale"), await sums("refund")];
    return {
      sales: sale.orders._count,
      refunds: refund.orders._count,
      sold: sale.orders._sum.totalAmount,
      back: refund.orders._sum.totalAmount,
      shipping: sale.orders._sum.shippingAmount,
      shippingBack: refund.orders._sum.shippingAmount,
      pieces: sale.products,
      piecesBack: refund.products,
      fees: sale.fees,
      feesBack: refund.fees,
      refused: await db().importReject.count({ where: { severity: "refused" } }),
    };
  }

  test("are as many orders and refunds of as much money as an independent count finds", async () => {
    await db().import.deleteMany();
    const content = readFileSync(path ?? "", "utf8");

    const { importId, result } = await imported(content, { type, currency: "GBP", mapping });

    const expected = counted(content);
    expect(await stored()).toEqual(expected);
    expect(result).toMatchObject({
      created: expected.sales + expected.refunds,
      updated: 0,
      unchanged: 0,
      refused: 297,
      total: 50_062,
    });
    const reasons = new Set((await notesOf(importId)).map(({ severity, reason }) => `${severity}: ${reason}`));
    expect([...reasons].sort()).toEqual([
      'adjusted: "Channel Islands" is no country of ISO 3166, so none was kept.',
      "refused: The price is 0: a correction of stock, and no sale.",
    ]);

    const again = await imported(content, { type, currency: "GBP", mapping });
    expect(again.result).toMatchObject({ created: 0, updated: 0, unchanged: result.created, refused: 297 });
  }, 120_000);
});
