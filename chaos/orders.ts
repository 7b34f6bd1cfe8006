// The whole shop under fire: shoppers buy over HTTP and staff work while run processes, worker hosts, the web server, the
// Trigger servers and Postgres are killed and the vendors fail, and then it is looked what was lost or done twice. A seed
// is a plan of the traffic, the kills and the faults. `--kills` counts those of workers; a quarter as many of the others
// come on top. `--keep` leaves the logs.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeDb } from "@/lib/db/client";
import { removeDataFolder } from "@/local/postgres/data-folder";
import { check } from "./orders/checks";
import type { Findings } from "./orders/judge";
import { openShop } from "./orders/open-shop";
import { settle } from "./orders/settle";
import { storm } from "./orders/storm";
import type { VictimKind } from "./orders/victims";
import { startOrdersWorld } from "./orders/world";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    orders: { type: "string", default: "500" },
    kills: { type: "string", default: "50" },
    keep: { type: "boolean", default: false },
  },
});
const [seed, orders, kills] = [values.seed, values.orders, values.kills].map(Number) as [number, number, number];
if (![seed, orders, kills].every(Number.isInteger) || orders < 1 || kills < 0) {
  console.error("--seed, --orders and --kills must be whole numbers: --orders at least 1, --kills at least 0.");
  process.exit(1);
}

const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1_000);
const say = (line: string) => console.log(`${String(seconds()).padStart(5)} s  ${line}`);
const folder = await mkdtemp(join(tmpdir(), "shopfloor-chaos-"));
// Postgres may run under another account, which has to get there.
await chmod(folder, 0o711);
let isFine = false;
try {
  isFine = await run();
} finally {
  await clean();
}
process.exit(isFine ? 0 : 1);

async function clean(): Promise<void> {
  await removeDataFolder(join(folder, "postgres"));
  if (values.keep) console.log(`logs: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<boolean> {
  const world = await startOrdersWorld(process.cwd(), folder, { seed, say });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(
      signal,
      () =>
        void world
          .close()
          .then(clean)
          .finally(() => process.exit(1)),
    );
  try {
    await world.untilReady();
    const actor = await openShop(world, folder);
    say(`the shop is open: seed ${seed}, ${orders} shoppers, ${kills} kills of workers`);
    const { crowd, staff, killed } = await storm(world, actor, { seed, orders, kills, say });
    say(`the storm is over: ${listed(killed)} killed, ${crowd.retries} tries of shoppers failed`);
    const { events, deliveries, refused } = world.webhooks.counts;
    say(
      `${events} messages of Stripe's came, ${deliveries} deliveries, ${refused} refused; staff: ${listed(staff.acts)}`,
    );
    const { sweeps, found } = await settle(world, staff);
    say(`quiet after ${sweeps} sweeps, which found ${found} things to do`);
    const { findings, report } = await check(world, crowd);
    console.log(report);
    return conclude(findings, killed, crowd.told.length);
  } finally {
    await closeDb();
    await world.close();
  }
}

function conclude(findings: Findings, killed: Map<VictimKind, number>, told: number): boolean {
  const all = Object.entries(findings);
  for (const [name, sentences] of all) {
    for (const sentence of sentences.slice(0, 20)) console.log(`${name}: ${sentence}`);
    if (sentences.length > 0) console.log(`failed: chaos of orders, seed ${seed}: ${name}`);
  }
  const broken = all.filter(([, sentences]) => sentences.length > 0).length;
  console.log(`${all.length - broken} passed, ${broken} failed`);
  const workers = (killed.get("run process") ?? 0) + (killed.get("host") ?? 0);
  const counts = all.map(([name, sentences]) => `${name} ${sentences.length}`).join(", ");
  console.log(`seed ${seed}, ${workers} kills, ${told} orders, ${seconds()} s: ${counts}`);
  return broken === 0;
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ") || "nothing";
}
