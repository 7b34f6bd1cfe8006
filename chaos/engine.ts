// Kills servers, worker hosts, run processes and Postgres again and again while runs of all kinds are under way, and then
// looks whether one was lost or executed twice at a time. A seed is a plan of kills. `--stall` is the time after which a
// worker that is not heard of loses its runs; `--keep` leaves logs and evidence.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { removeDataFolder } from "@/local/postgres/data-folder";
import { buildPrograms } from "./build";
import { type Checked, check } from "./checks";
import { rows } from "./database";
import { Load } from "./load";
import { planKills } from "./plan";
import { pause } from "./processes";
import { sizes, startWorld, type VictimKind, victims, type World } from "./world";

const quietMaxMs = 180_000;
/** In a storm of kills nothing that takes long comes to its end, so now and then there is a calm. */
const stormKills = 50;
const calmMs = 12_000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "1000" },
    stall: { type: "string", default: "1000" },
    keep: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const kills = Number(values.kills);
const stallMs = Number(values.stall);
if (![seed, kills, stallMs].every(Number.isInteger) || kills < 1 || stallMs < 500) {
  console.error("--seed, --kills and --stall (ms) must be whole numbers: --kills at least 1, --stall at least 500.");
  process.exit(1);
}

const begun = performance.now();
const folder = await mkdtemp(join(tmpdir(), "shopfloor-chaos-"));
// Postgres may run under another account, which has to get there.
await chmod(folder, 0o711);
const seconds = () => Math.round((performance.now() - begun) / 1_000);
let isFine = false;
try {
  isFine = await run();
} finally {
  await removeDataFolder(join(folder, "postgres"));
  if (values.keep) console.log(`logs and evidence: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
process.exit(isFine ? 0 : 1);

async function run(): Promise<boolean> {
  const world = await startWorld(folder, await buildPrograms(folder), stallMs);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void world.close().finally(() => process.exit(1)));
  try {
    await world.untilReady();
    const load = new Load(world.urls, seed);
    const loading = load.run();
    const watching = watchUnfinished(world, load);
    const counts = await killAll(world, load);
    load.stop();
    await loading;
    const quietAfter = await untilQuiet(world);
    watching.stop();
    await world.untilReady();
    return report(world, load, await check(world, load, sizes.hosts), counts, quietAfter);
  } finally {
    await world.close();
  }
}

async function killAll(world: World, load: Load): Promise<Map<VictimKind, number>> {
  const counts = new Map<VictimKind, number>();
  console.log(
    `seed ${seed}: ${kills} kills of ${sizes.servers} servers, ${sizes.hosts} worker hosts, their run processes, and Postgres`,
  );
  let done = 0;
  for (const kill of planKills(seed, kills, victims)) {
    if (done > 0 && done % stormKills === 0) await load.calm(calmMs);
    await load.progress(kill.afterSteps, kill.atMostMs);
    let victim = await world.kill(kill);
    // Everything is away: nothing but waiting helps.
    for (; victim === undefined; victim = await world.kill(kill)) await pause(20);
    counts.set(victim, (counts.get(victim) ?? 0) + 1);
    done += 1;
    if (done % 100 === 0)
      console.log(`${done} kills, ${load.acknowledged.length} triggers acknowledged, ${seconds()} s`);
  }
  return counts;
}

function watchUnfinished(world: World, load: Load): { stop: () => void } {
  let isOver = false;
  void (async () => {
    while (!isOver) {
      const [row] = await rows<{ finished: string; unfinished: string }>(
        world.databaseUrl,
        `select count(*) filter (where execution_status = 'FINISHED') as finished,
           count(*) filter (where execution_status <> 'FINISHED') as unfinished from run`,
      );
      load.see({ finished: Number(row?.finished ?? 0), unfinished: Number(row?.unfinished ?? 0) });
      await pause(250);
    }
  })();
  return { stop: () => (isOver = true) };
}

/** Seconds until every run is final; gives up after some minutes, the checks then say what hangs. */
async function untilQuiet(world: World): Promise<number> {
  const from = performance.now();
  while (performance.now() - from < quietMaxMs) {
    const [row] = await rows<{ count: string }>(
      world.databaseUrl,
      "select count(*) from run where execution_status <> 'FINISHED'",
    );
    if (Number(row?.count) === 0) break;
    await pause(200);
  }
  return Math.round((performance.now() - from) / 1_000);
}

function report(
  world: World,
  load: Load,
  checked: Checked,
  counts: Map<VictimKind, number>,
  quietAfter: number,
): boolean {
  const { findings, statuses } = checked;
  const listed = (map: Map<string, number>) => [...map].map(([name, count]) => `${count} ${name}`).join(", ");
  console.log(
    `killed: ${listed(counts)}; ended by themselves: ${world.programs.reduce((sum, one) => sum + one.ownEnds, 0)}`,
  );
  for (const [kind, byStatus] of [...statuses].sort()) console.log(`${kind}: ${listed(byStatus)}`);
  console.log(
    `${load.acknowledged.length} acknowledged triggers (${load.failedTriggers} calls failed), ${checked.runs} runs, ${checked.attempts} attempts; quiet ${quietAfter} s after the last kill`,
  );
  for (const [name, sentences] of Object.entries(findings)) {
    for (const sentence of sentences.slice(0, 20)) console.log(`${name}: ${sentence}`);
  }
  const { lost, doubled, wrong, leftOver } = findings;
  const done = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `seed ${seed}, ${done} kills, ${checked.runs} runs, ${seconds()} s: lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length}, left over ${leftOver.length}`,
  );
  return [lost, doubled, wrong, leftOver].every((list) => list.length === 0);
}
