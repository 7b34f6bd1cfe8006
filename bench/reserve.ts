// Claim: setting stock aside costs at most twice what the bare transaction costs, for one item that everybody wants and
// for carts of any items. Reference, in the same run: the same statement between begin and commit, by node-postgres.
// `pgbench` is asked too where it is installed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { closeDb, db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { holdStock, type StockLine } from "@/lib/inventory/hold-stock";
import { percentile } from "./support/engine/statistics";
import { startBenchWorld } from "./support/world";

const clients = 8;
const secondsEach = 8;
const variantsTotal = 1_000;
const plenty = 1_000_000_000;

type Cart = () => StockLine[];
type Reserve = (orderId: OrderId, lines: StockLine[]) => Promise<void>;
type Measured = { perSecond: number; p95: number };

const world = await startBenchWorld();
try {
  const variants = await shelve(variantsTotal);
  const carts: [string, Cart][] = [
    ["one item that all want", () => [{ variantId: variants[0] as VariantId, quantity: 1 }]],
    ["carts of 1 to 5 items  ", () => anyOf(variants, 1 + Math.floor(Math.random() * 5))],
  ];
  console.log(`reserve: ${clients} clients, ${secondsEach} s each, ${variantsTotal} items`);
  for (const [name, cart] of carts) {
    // Taken in turns, so that what else the machine does meets both.
    const bare = await startBare(world.databaseUrl);
    const figures = { ours: [] as Measured[], bare: [] as Measured[] };
    for (let round = 0; round < 2; round++) {
      figures.bare.push(await measure(bare.reserve, cart));
      figures.ours.push(await measure(viaStore, cart));
    }
    await bare.close();
    print(name, mean(figures.ours), mean(figures.bare));
  }
  console.log(`  ${pgbench(world.databaseUrl, variants[0] as VariantId)}`);
} finally {
  await closeDb();
  await world.close();
}

function viaStore(orderId: OrderId, lines: StockLine[]): Promise<void> {
  return transaction((tx) => holdStock(tx, { orderId, lines, expiresAt: null }));
}

/** The same rows written, with nothing around it: prepared, on connections of its own. */
async function startBare(connectionString: string): Promise<{ reserve: Reserve; close: () => Promise<void> }> {
  const pool = new pg.Pool({ connectionString, max: clients });
  const text = `
    with wanted as materialized (
      select * from unnest($1::text[], $2::int[], $3::text[], $4::text[])
      as wanted (variant_id, quantity, reservation_id, movement_id)),
    counter as materialized (
      select variant_id from stock_item where variant_id = any($1) order by variant_id collate "C" for update),
    taken as (
      update stock_item set reserved = reserved + wanted.quantity from counter join wanted using (variant_id)
      where stock_item.variant_id = counter.variant_id and tracked and on_hand - reserved >= wanted.quantity
      returning wanted.*),
    held as (
      insert into reservation (id, order_id, variant_id, quantity)
      select reservation_id, $5, variant_id, quantity from taken),
    moved as (
      insert into stock_movement (id, variant_id, kind, quantity, order_id)
      select movement_id, variant_id, 'reserved', quantity, $5 from taken)
    select variant_id from taken`;
  return {
    reserve: async (orderId, lines) => {
      const values = [
        lines.map(({ variantId }) => variantId),
        lines.map(({ quantity }) => quantity),
        lines.map(() => newId("reservation")),
        lines.map(() => newId("movement")),
        orderId,
      ];
      const client = await pool.connect();
      try {
        await client.query("begin");
        const { rowCount } = await client.query({ name: "reserve", text, values });
        if (rowCount !== lines.length) throw new Error("There was not enough in stock.");
        await client.query("commit");
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function measure(reserve: Reserve, cart: Cart): Promise<Measured> {
  const orders = await placeEmpty(secondsEach * 4_000);
  const times: number[] = [];
  const begun = performance.now();
  const until = begun + secondsEach * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const orderId = orders.pop();
        if (!orderId) throw new Error("There are not enough orders for so quick a machine.");
        const from = performance.now();
        await reserve(orderId, cart());
        times.push(performance.now() - from);
      }
    }),
  );
  const perSecond = (times.length * 1_000) / (performance.now() - begun);
  return { perSecond, p95: percentile(times, 0.95) };
}

function mean(rounds: Measured[]): Measured {
  const of = (key: keyof Measured) => rounds.reduce((sum, round) => sum + round[key], 0) / rounds.length;
  return { perSecond: of("perSecond"), p95: of("p95") };
}

function print(name: string, ours: Measured, bare: Measured): void {
  const shown = ({ perSecond, p95 }: Measured) => `${Math.round(perSecond)}/s, p95 ${p95.toFixed(1)} ms`;
  const share = Math.round((ours.perSecond / bare.perSecond) * 100);
  console.log(`  ${name}  ${shown(ours)}; bare ${shown(bare)}: ${share} % of it`);
}

/** What PostgreSQL's own client does of the least that keeps the counter right, with the row's place in the ledger. */
function pgbench(databaseUrl: string, variantId: VariantId): string {
  const folder = mkdtempSync(join(tmpdir(), "shopfloor-pgbench-"));
  const script = join(folder, "reserve.sql");
  writeFileSync(
    script,
    `begin;
update stock_item set reserved = reserved + 1 where variant_id = '${variantId}' and on_hand - reserved >= 1;
insert into stock_movement (id, variant_id, kind, quantity) values (gen_random_uuid(), '${variantId}', 'reserved', 1);
commit;\n`,
  );
  try {
    const args = ["-n", "-c", String(clients), "-j", "2", "-T", String(secondsEach), "-M", "prepared", "-f", script];
    const output = execFileSync("pgbench", [...args, databaseUrl], { encoding: "utf8", stdio: "pipe" });
    const [, perSecond] = /tps = ([\d.]+)/.exec(output) ?? [];
    return `pgbench, two statements for the one item: ${Math.round(Number(perSecond))}/s`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "pgbench is not installed here";
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function shelve(count: number): Promise<VariantId[]> {
  const rows = Array.from({ length: count }, () => ({ productId: newId("product"), variantId: newId("variant") }));
  await db().product.createMany({
    data: rows.map(({ productId }) => ({ id: productId, handle: productId, title: "Screw" })),
  });
  await db().variant.createMany({
    data: rows.map(({ productId, variantId }) => ({
      id: variantId,
      productId,
      position: 1,
      title: "Default",
      optionValues: [],
      priceAmount: 100,
      priceCurrency: "EUR",
    })),
  });
  await db().stockItem.createMany({ data: rows.map(({ variantId }) => ({ variantId, onHand: plenty })) });
  return rows.map(({ variantId }) => variantId);
}

/** Orders that hold nothing yet, since a reservation belongs to one. */
async function placeEmpty(count: number): Promise<OrderId[]> {
  const ids = Array.from({ length: count }, () => newId("order"));
  await db().$executeRaw`
    insert into "order" (id, email, ship_to, currency, subtotal_amount, shipping_amount, total_amount, access_token, placed_at, updated_at)
    select id, 'ada@example.com', '{}', 'EUR', 0, 0, 0, id, now(), now() from unnest(${ids}::text[]) as id`;
  return ids;
}

function anyOf(variants: readonly VariantId[], count: number): StockLine[] {
  const chosen = new Set<VariantId>();
  while (chosen.size < count) chosen.add(variants[Math.floor(Math.random() * variants.length)] as VariantId);
  return [...chosen].map((variantId) => ({ variantId, quantity: 1 }));
}
