// How fast a file of a million products goes in, with every row checked, and what that takes.
// Reference, in the same run on the same server: the rows that came of it, by bare COPY into tables of the same shape.
// BENCH_ROWS changes how many.
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { closeDb } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { runImport } from "@/lib/imports/run-import";
import { queuedImport } from "./support/queued-import";
import { startBenchWorld } from "./support/world";

const rowsTotal = Number(process.env.BENCH_ROWS ?? 1_000_000);
const tables = ["product", "variant", "stock_item", "stock_movement", "image"];

const header =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams," +
  "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src,Status\n";

/** About 250 bytes. */
function line(n: number): string {
  const price = `${19 + (n % 40)}.${String(n % 100).padStart(2, "0")}`;
  const text = `"<p>Shirt ""${n}"" of heavy cotton, made for work,\nwith pockets where they are needed.</p>"`;
  const product = `work-shirt-${n},"Work shirt, ${n}",${text},Shopfloor,Shirts,"work, shirt",true`;
  const variant = `Title,Default Title,SHIRT-${n},240,shopify,${n % 50},${price}`;
  return `${product},${variant},https://images.example/shirts/${n}.jpg,active\n`;
}

async function* file(): AsyncGenerator<Buffer> {
  let piece = header;
  for (let n = 0; n < rowsTotal; n++) {
    piece += line(n);
    if (piece.length < 256 * 1024) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

async function importFile(importId: ImportId): Promise<void> {
  const result = await runImport({ importId, runId: "bench", clock: () => new Date() });
  if (result.total !== rowsTotal || result.refused !== 0) throw new Error(`Unexpected: ${JSON.stringify(result)}`);
}

/** How much larger this process gets while something is done, in MB. */
async function growthOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 200);
  await work();
  clearInterval(timer);
  return (most - before) / 1e6;
}

/** The time that COPY alone takes for the rows that are there now. */
async function copySeconds(databaseUrl: string, folder: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("create schema bare");
  for (const table of tables) {
    await client.query(`create table bare.${table} (like public.${table} including all)`);
    await pipeline(client.query(copyTo(`copy public.${table} to stdout`)), createWriteStream(join(folder, table)));
  }
  const seconds = await secondsOf(async () => {
    for (const table of tables)
      await pipeline(createReadStream(join(folder, table)), client.query(copyFrom(`copy bare.${table} from stdin`)));
  });
  await client.end();
  return seconds;
}

const world = await startBenchWorld();
const folder = await mkdtemp(join(tmpdir(), "shopfloor-bench-copy-"));
try {
  const [first, again] = [await queuedImport(file()), await queuedImport(file())];
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const cpu = process.cpuUsage();
  let created = 0;
  const growth = await growthOf(async () => {
    created = await secondsOf(() => importFile(first));
  });
  const { user, system } = process.cpuUsage(cpu);
  lag.disable();
  const unchanged = await secondsOf(() => importFile(again));
  const bare = await copySeconds(world.databaseUrl, folder);

  const rate = (seconds: number) => `${Math.round(rowsTotal / seconds).toLocaleString("en-IE")} rows/s`;
  const ms = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(0)} ms`;
  console.log(`import: ${rowsTotal.toLocaleString("en-IE")} products, a row each`);
  console.log(`  created    ${rate(created)}`);
  console.log(`  unchanged  ${rate(unchanged)} (the same file again)`);
  console.log(`  reference  ${rate(bare)} by COPY alone: ${(created / bare).toFixed(1)} times as fast as creating`);
  console.log("  of the process that reads (the local S3 is in it):");
  console.log(`    ${((user + system) / 1_000 / rowsTotal).toFixed(3)} CPU-ms a row, memory + ${growth.toFixed(0)} MB`);
  console.log(`    event loop late by ${ms(lag.percentile(99))} at p99, ${ms(lag.max)} at most`);
} finally {
  await closeDb();
  await world.close();
  await rm(folder, { recursive: true, force: true });
}
