// Claim: a guest's whole purchase takes few requests and little processor time, also when many buy at once, and what is
// scarce is sold to the piece. Reference, in the same run: as many answers of a file by the same server.
import { setTimeout as sleep } from "node:timers/promises";
import { type Line, line, milliseconds, percentile, table } from "./support/engine/statistics";
import { Browser, keepAlive } from "./support/shopper/browser";
import { shelve } from "./support/shopper/shelve";
import { type CpuParts, startShopWorld } from "./support/shopper/shop-world";
import { cards, openCheckout, openProduct, orderOf, type Placing, pay, placeOrder } from "./support/shopper/shopper";

const secondsEach = Number(process.env.BENCH_SECONDS ?? 10);
const warmOrders = 300;
const crowds = [1, 8, 32];
const pieces = 50;
const buyers = 400;
const waitMaxMs = 300_000;
const plenty = 1_000_000;
const goods = "wood-screws";
const scarce = "enamel-mug";

type Measured = {
  perSecond: number;
  p50: number;
  p95: number;
  cpu: CpuParts;
  /** Web, worker and Postgres; the stand-ins for Stripe and the task platform are not the store's. */
  cpuMs: number;
  requests: number;
};

const world = await startShopWorld();
const agent = keepAlive(buyers);
const openPages = new Map();
const store = { origin: world.store, agent, openPages, hasScript: true };
let guests = 0;
try {
  await shelve(world.database, goods, plenty);
  for (const handle of [goods, scarce]) await openProduct(new Browser(world.store, agent), handle, openPages);
  await warmUp();
  console.log(`checkout: full guest flow over HTTP, new cart to Stripe's page, ${secondsEach} s each`);
  const placing = await measureAll("placed", placed);
  console.log(await reference(placing[1] as Measured));
  const lines = [...floors(placing[1] as Measured), await scarcity()];
  console.log("the same up to confirmed: paid on the local Stripe, webhook, process-order; with its mails and label");
  await measure(8, secondsEach, confirmed); // each run process loads the tasks once
  await measureAll("confirmed", confirmed);
  console.log(table(lines));
  process.exitCode = lines.every(({ isWithin }) => isWithin !== "neither") ? 0 : 1;
} finally {
  agent.destroy();
  await world.close();
}

/** Code that has run a few times only costs several times what it does later. */
async function warmUp(): Promise<void> {
  let left = warmOrders;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await placed();
    }),
  );
}

async function measureAll(name: string, buy: () => Promise<Placing>): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const crowd of crowds) {
    const measured = await measure(crowd, secondsEach, buy);
    const { perSecond, p50, p95, cpu, cpuMs, requests } = measured;
    console.log(
      `  ${name}, ${String(crowd).padStart(2)} at once: ${perSecond.toFixed(1)}/s, p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, ` +
        `${cpuMs.toFixed(1)} CPU-ms each (web ${cpu.web.toFixed(1)}, worker ${cpu.worker.toFixed(1)}, ` +
        `Postgres ${cpu.postgres.toFixed(1)}); apart: local Stripe and vendors ${cpu.vendors.toFixed(1)}, ` +
        `local task platform ${cpu.platform.toFixed(1)}; ${requests.toFixed(1)} requests`,
    );
    all.push(measured);
  }
  return all;
}

/** So many guests at a time, each beginning anew when done; what their orders set going ends before the CPU is read. */
async function measure(crowd: number, seconds: number, buy: () => Promise<Placing>): Promise<Measured> {
  const times: number[] = [];
  let requests = 0;
  const before = world.cpu();
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  await Promise.all(
    Array.from({ length: crowd }, async () => {
      while (performance.now() < until) {
        const from = performance.now();
        const placing = await buy();
        if (placing.kind !== "placed") throw new Error(`Not placed: ${JSON.stringify(placing)}`);
        times.push(performance.now() - from);
        requests += placing.requests;
      }
    }),
  );
  const took = performance.now() - begun;
  await quiet();
  const count = times.length;
  const cpu = share(world.cpu(), before, count);
  return {
    perSecond: (count * 1_000) / took,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    cpu,
    cpuMs: cpu.web + cpu.worker + cpu.postgres,
    requests: requests / count,
  };
}

function share(after: CpuParts, before: CpuParts, count: number): CpuParts {
  const of = (part: keyof CpuParts) => (after[part] - before[part]) / count;
  return {
    web: of("web"),
    worker: of("worker"),
    postgres: of("postgres"),
    vendors: of("vendors"),
    platform: of("platform"),
  };
}

function placed(): Promise<Placing> {
  return placeOrder(store, { items: [{ handle: goods }], email: `guest-${guests++}@example.com` });
}

async function confirmed(): Promise<Placing> {
  const placing = await placed();
  if (placing.kind !== "placed") return placing;
  const paying = await pay(placing.sessionUrl, cards.good, agent);
  if (paying.kind !== "paid") throw new Error(`Not paid: ${JSON.stringify(paying)}`);
  const { orderId } = paying;
  await until(50, `${orderId} was confirmed`, async () => {
    const order = await ask<{ status: string }>(`select status from "order" where id = $1`, [orderId]);
    return order?.status !== "pending";
  });
  return placing;
}

/** Until nothing that was paid waits to be worked on, and nothing to be sent. */
async function quiet(): Promise<void> {
  const working = `
    select count(*)::int as count from (
      select 1 from "order" where payment_status in ('authorized', 'paid') and status in ('pending', 'confirmed')
      union all select 1 from outbox_message where sent_at is null) waiting`;
  await until(200, "all work was done", async () => (await ask<{ count: number }>(working))?.count === 0);
}

async function until(everyMs: number, what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + waitMaxMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`It took longer than ${waitMaxMs / 1_000} s until ${what}.`);
    await sleep(everyMs);
  }
}

function floors(at8: Measured): Line[] {
  const plain = (digits: number) => (value: number) => value.toFixed(digits);
  return [
    line("placed orders a second, 8 at once", [
      { measured: at8.perSecond, floor: 50, goal: 100, show: plain(1), isMore: true },
    ]),
    line("the same, p95", [{ measured: at8.p95, floor: 300, goal: 150, show: milliseconds }]),
    line("CPU-ms an order: web, worker and Postgres", [{ measured: at8.cpuMs, floor: 30, goal: 20, show: plain(1) }]),
    line("requests an order", [{ measured: at8.requests, floor: 4, goal: 3, show: plain(1) }]),
  ];
}

/** Everybody has the last pieces in the cart and the checkout before them, and presses at once. */
async function scarcity(): Promise<Line> {
  await shelve(world.database, scarce, pieces);
  const opened = await Promise.all(
    Array.from({ length: buyers }, (_, n) =>
      openCheckout(store, { items: [{ handle: scarce }], email: `buyer-${n}@example.com` }),
    ),
  );
  const begun = performance.now();
  const ends = await Promise.all(opened.map((one) => (one.kind === "ready" ? one.press() : one)));
  const seconds = (performance.now() - begun) / 1_000;
  const count = (kind: Placing["kind"]) => ends.filter((end) => end.kind === kind).length;
  const inDatabase = await ask<{ sold: number; reserved: number }>(
    `select (select count(*)::int from order_line where variant_id = stock_item.variant_id) as sold, reserved
     from stock_item where variant_id = $1`,
    [variantOf(scarce)],
  );
  const pages = ends.flatMap((end) => (end.kind === "placed" ? orderOf(end.sessionUrl, agent) : []));
  const isExact =
    new Set(await Promise.all(pages)).size === pieces &&
    count("refused") === buyers - pieces &&
    inDatabase?.sold === pieces &&
    inDatabase.reserved === pieces;
  const others = ends.filter(({ kind }) => kind !== "placed" && kind !== "refused");
  for (const other of others.slice(0, 5)) console.log(`  neither sold nor refused: ${JSON.stringify(other)}`);
  console.log(
    `  ${buyers} buyers of ${pieces} pieces: ${count("placed")} sold, ${count("refused")} refused, ${others.length} others; ` +
      `in the database ${inDatabase?.sold} orders, ${inDatabase?.reserved} pieces set aside${isExact ? "" : ": NOT EXACT"}`,
  );
  return line(`${buyers} buyers of ${pieces} pieces, exact`, [
    { measured: isExact ? seconds : Number.NaN, floor: 5, goal: 3, show: (value) => `${value.toFixed(1)} s` },
  ]);
}

async function reference(at8: Measured): Promise<string> {
  const answers = 1_000;
  const before = world.cpu();
  const begun = performance.now();
  let left = answers;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await new Browser(world.store, agent).get("/icon.svg");
    }),
  );
  const perSecond = (answers * 1_000) / (performance.now() - begun);
  const { web } = share(world.cpu(), before, answers);
  const times = at8.cpuMs / (web * at8.requests);
  return (
    `reference: the same server answers a file ${Math.round(perSecond)} times a second with ${web.toFixed(2)} CPU-ms each; ` +
    `an order costs ${times.toFixed(1)} times as much as its ${at8.requests.toFixed(1)} requests for a file would`
  );
}

function variantOf(handle: string): string | undefined {
  return openPages.get(handle)?.variants[0];
}

async function ask<Row>(text: string, values: unknown[] = []): Promise<Row | undefined> {
  return (await world.database.query(text, values)).rows[0] as Row | undefined;
}
