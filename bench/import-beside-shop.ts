// How much an import disturbs those who buy meanwhile, for several values of IMPORT_ROWS_PER_SECOND.
// Reference, in the same run: the same purchases while nothing is imported. All of it shares one machine here, which in
// production is several.
import { closeDb } from "@/lib/db/client";
import { percentile } from "./support/engine/statistics";
import { productsFile } from "./support/import/products-file";
import { queuedImport } from "./support/import/queued-import";
import { startImportWorker } from "./support/import/start-worker";
import { Browser, keepAlive } from "./support/shopper/browser";
import { shelve } from "./support/shopper/shelve";
import { startShopWorld } from "./support/shopper/shop-world";
import { openProduct, placeOrder } from "./support/shopper/shopper";

const secondsEach = Number(process.env.BENCH_SECONDS ?? 20);
const rates = (process.env.BENCH_RATES ?? "1000,2500,5000,0").split(",").map(Number);
const crowd = 4;
const warmOrders = 300;
/** More than anybody imports in that time. */
const fileRows = Math.max(...rates, 20_000) * (secondsEach + 10);
const goods = "wood-screws";

const world = await startShopWorld();
Object.assign(process.env, world.settings);
const agent = keepAlive(crowd);
const openPages = new Map();
const store = { origin: world.store, agent, openPages, hasScript: true };
let guests = 0;
try {
  await shelve(world.database, goods, 1_000_000);
  await openProduct(new Browser(world.store, agent), goods, openPages);
  await buyMeanwhile(() => guests < warmOrders);
  console.log(`import beside a shop: ${crowd} guests who buy one after the other, ${secondsEach} s each`);
  const alone = await p95Of(secondsEach);
  console.log(`  nothing is imported              p95 ${alone.toFixed(0)} ms, reference`);
  for (const rate of rates) {
    const { p95, rowsPerSecond } = await besideImport(rate);
    const name = rate === 0 ? "without limit" : `limit ${rate.toLocaleString("en-IE")} rows/s`;
    const found = `${Math.round(rowsPerSecond).toLocaleString("en-IE")} rows/s came in`;
    console.log(`  ${name.padEnd(32)} p95 ${p95.toFixed(0)} ms, ${(p95 / alone).toFixed(2)} times; ${found}`);
  }
  console.log(`  nothing is imported, at the end  p95 ${(await p95Of(secondsEach)).toFixed(0)} ms`);
} finally {
  agent.destroy();
  await closeDb();
  await world.close();
}

/** What came in is taken out again, so that each row is written each time. */
async function besideImport(rate: number): Promise<{ p95: number; rowsPerSecond: number }> {
  const importId = await queuedImport(productsFile(fileRows));
  const worker = startImportWorker({ IMPORT_ROWS_PER_SECOND: String(rate) });
  const rowsNow = async () => {
    const { rows } = await world.database.query("select rows_read from import where id = $1", [importId]);
    return Number(rows[0]?.rows_read);
  };
  const ended = worker.import(importId).catch(() => undefined);
  while ((await rowsNow()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const [rowsBefore, begun] = [await rowsNow(), performance.now()];
  const p95 = await p95Of(secondsEach);
  const rowsPerSecond = ((await rowsNow()) - rowsBefore) / ((performance.now() - begun) / 1_000);
  worker.kill();
  await ended;
  await world.database.query("delete from product where handle like 'work-shirt-%'");
  return { p95, rowsPerSecond };
}

async function p95Of(seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  return percentile(await buyMeanwhile(() => performance.now() < until), 0.95);
}

/** Guests at a time, each beginning anew when done; how long each purchase took. */
async function buyMeanwhile(isOn: () => boolean): Promise<number[]> {
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: crowd }, async () => {
      while (isOn()) {
        const from = performance.now();
        const placing = await placeOrder(store, { items: [{ handle: goods }], email: `guest-${guests++}@example.com` });
        if (placing.kind !== "placed") throw new Error(`Not placed: ${JSON.stringify(placing)}`);
        times.push(performance.now() - from);
      }
    }),
  );
  return times;
}
