// Claim: a Shopify product file goes in at more than 1,000 rows a second, with every row checked.
// Reference, in the same run on the same server: the same lines as text into one table without indexes, 1,000 at a time.
import pg from "pg";
import { closeDb, db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { runImport } from "@/lib/imports/run-import";
import { putObject } from "@/lib/storage/put-object";
import { startBenchWorld } from "./support/world";

const products = 2_500;
const variantsEach = 8;
const rowsTotal = products * variantsEach;
const sizes = ["XS", "S", "M", "L", "XL", "2XL", "3XL", "4XL"];

const header =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams," +
  "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src,Status";

function lines(): string[] {
  return Array.from({ length: rowsTotal }, (_, row) => {
    const product = Math.floor(row / variantsEach);
    const first = row % variantsEach === 0;
    const own = first
      ? [`"Work shirt, ${product}"`, `"<p>Shirt ""${product}""\nfor work.</p>"`, "Shopfloor", "Shirts", '"work, shirt"']
      : ["", "", "", "", ""];
    const price = `${19 + (product % 40)}.${String(row % 100).padStart(2, "0")}`;
    return [
      `work-shirt-${product}`,
      ...own,
      first ? "true" : "",
      first ? "Size" : "",
      sizes[row % variantsEach],
      `SHIRT-${product}-${sizes[row % variantsEach]}`,
      "240",
      "shopify",
      String(row % 50),
      price,
      first ? `https://images.example/${product}.jpg` : "",
      first ? "active" : "",
    ].join(",");
  });
}

async function rowsPerSecond(rows: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return rows / ((performance.now() - begun) / 1000);
}

async function importFile(body: Buffer): Promise<void> {
  const importId = newId("import");
  const sourceKey = `imports/${importId}`;
  await putObject({ key: sourceKey, body, contentType: "application/octet-stream" });
  await db().import.create({
    data: {
      id: importId,
      type: "products",
      fileName: "shirts.csv",
      sourceKey,
      currency: "EUR",
      status: "queued",
      createdBy: "bench",
    },
  });
  const result = await runImport({ importId, runId: "bench", clock: () => new Date() });
  if (result.total !== rowsTotal || result.refused !== 0) throw new Error(`Unexpected: ${JSON.stringify(result)}`);
}

async function insertPlainly(databaseUrl: string, rows: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("create table plain (line text)");
  for (let at = 0; at < rows.length; at += 1_000)
    await client.query("insert into plain select unnest($1::text[])", [rows.slice(at, at + 1_000)]);
  await client.end();
}

const world = await startBenchWorld();
try {
  const rows = lines();
  const body = Buffer.from([header, ...rows].join("\n"));
  const plain = await rowsPerSecond(rowsTotal, () => insertPlainly(world.databaseUrl, rows));
  const created = await rowsPerSecond(rowsTotal, () => importFile(body));
  const unchanged = await rowsPerSecond(rowsTotal, () => importFile(body));
  const figure = (value: number) => Math.round(value).toLocaleString("en-IE");
  console.log(`import: ${figure(rowsTotal)} rows, ${figure(products)} products, ${(body.length / 1e6).toFixed(1)} MB`);
  console.log(`  created    ${figure(created)} rows/s`);
  console.log(`  unchanged  ${figure(unchanged)} rows/s (the same file again)`);
  console.log(`  reference  ${figure(plain)} rows/s plain text into one table: ${(plain / created).toFixed(0)} times`);
} finally {
  await closeDb();
  await world.close();
}
