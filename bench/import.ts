// How fast a file of a million products goes in, with every row checked, and what that takes of a worker's process.
// Reference, in the same run on the same server: the rows that came of it, by bare COPY into tables of the same shape.
// BENCH_ROWS changes how many.
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { closeDb } from "@/lib/db/client";
import { productsFile } from "./support/import/products-file";
import { queuedImport } from "./support/import/queued-import";
import { type ImportWorker, startImportWorker } from "./support/import/start-worker";
import type { Measured } from "./support/import/worker";
import { startBenchWorld } from "./support/world";

const rowsTotal = Number(process.env.BENCH_ROWS ?? 1_000_000);
/** Enough that the worker has everything loaded and compiled. */
const warmRows = 20_000;
const tables = ["product", "variant", "stock_item", "stock_movement", "image"];

async function importFile(worker: ImportWorker, rows: number): Promise<Measured> {
  const measured = await worker.import(await queuedImport(productsFile(rows)));
  const { total, refused } = measured.result;
  if (total !== rows || refused !== 0) throw new Error(`Unexpected: ${JSON.stringify(measured.result)}`);
  return measured;
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
  const begun = performance.now();
  for (const table of tables)
    await pipeline(createReadStream(join(folder, table)), client.query(copyFrom(`copy bare.${table} from stdin`)));
  const seconds = (performance.now() - begun) / 1_000;
  await client.end();
  return seconds;
}

function lineOf({ seconds, cpuMs, growthMb, lagMs }: Measured): string {
  const ms = (milliseconds: number) => `${milliseconds.toFixed(0)} ms`;
  return (
    `${rate(seconds)}, ${(cpuMs / rowsTotal).toFixed(3)} CPU-ms a row, memory + ${growthMb.toFixed(0)} MB, ` +
    `event loop late by ${ms(lagMs.p99)} at p99 and ${ms(lagMs.max)} at most`
  );
}

const rate = (seconds: number) => `${Math.round(rowsTotal / seconds).toLocaleString("en-IE")} rows/s`;

const world = await startBenchWorld();
const folder = await mkdtemp(join(tmpdir(), "shopfloor-bench-copy-"));
const worker = startImportWorker();
try {
  await importFile(worker, warmRows);
  const pool = new pg.Pool({ connectionString: world.databaseUrl });
  await pool.query("truncate product cascade");
  await pool.end();
  const created = await importFile(worker, rowsTotal);
  const unchanged = await importFile(worker, rowsTotal);
  const bare = await copySeconds(world.databaseUrl, folder);
  console.log(`import: ${rowsTotal.toLocaleString("en-IE")} products, a row each, in a worker's process`);
  console.log(`  created    ${lineOf(created)}`);
  console.log(`  unchanged  ${lineOf(unchanged)} (the same file again)`);
  console.log(
    `  reference  ${rate(bare)} by COPY alone: ${(created.seconds / bare).toFixed(1)} times as fast as creating`,
  );
} finally {
  await worker.stop();
  await closeDb();
  await world.close();
  await rm(folder, { recursive: true, force: true });
}
