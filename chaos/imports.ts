// Imports one file twice: undisturbed, and by workers that are killed over and over. Then it is looked whether both
// stores say the same, and what the file was made to say. A seed decides the file and the kills. `--keep` leaves the
// workers' log.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startBenchWorld } from "@/bench/support/world";
import { bulkPool } from "@/lib/db/bulk-pool";
import { closeDb } from "@/lib/db/client";
import { digestOfCatalogue } from "./imports/content";
import { makeFile } from "./imports/file";
import { importKilled } from "./imports/import-killed";
import { judgeImport } from "./imports/judge-import";
import { startImport } from "./imports/start-import";
import { Random } from "./random";
import { muteLog } from "./store/mute-log";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "7" },
    kills: { type: "string", default: "200" },
    rows: { type: "string", default: "200000" },
    portion: { type: "string", default: "500" },
    keep: { type: "boolean", default: false },
  },
});
const [seed, kills, rowsWanted, chunkRows] = [values.seed, values.kills, values.rows, values.portion].map(Number) as [
  number,
  number,
  number,
  number,
];
if (![seed, kills, rowsWanted, chunkRows].every(Number.isInteger) || rowsWanted < 1 || chunkRows < 1 || kills < 0) {
  console.error("--seed, --kills, --rows and --portion must be whole numbers: --rows and --portion at least 1.");
  process.exit(1);
}

const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1_000);
const folder = await mkdtemp(join(tmpdir(), "shopfloor-chaos-imports-"));
const world = await startBenchWorld();
let isFine = false;
try {
  isFine = await run();
} finally {
  await closeDb();
  await world.close();
  if (values.keep) console.log(`log: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
process.exit(isFine ? 0 : 1);

async function run(): Promise<boolean> {
  muteLog();
  const { text, rows, expected } = makeFile(seed, rowsWanted);
  const logFile = join(folder, "workers.log");
  const random = new Random(seed);
  await importKilled({ importId: await startImport(text), kills: 0, chunkRows, random, logFile });
  const undisturbed = await digestOfCatalogue();
  await bulkPool().query("truncate product cascade");
  console.log(`${seconds()} s  ${rows} rows are in undisturbed, ${expected.bad.length} of them bad in twenty ways`);

  const importId = await startImport(text);
  const killed = await importKilled({ importId, kills, chunkRows, random, logFile });
  const { lost, doubled, wrong } = await judgeImport(importId, rows, expected);
  if ((await digestOfCatalogue()) !== undisturbed) wrong.push("the catalogue is not what an undisturbed import makes");
  if (killed.wentBack > 0) doubled.push(`${killed.wentBack} runs began before what was stored`);
  if (killed.kills < kills) wrong.push(`the file was in after ${killed.kills} kills: give it more --rows`);
  wrong.push(...killed.failures);
  for (const [name, sentences] of Object.entries({ lost, doubled, wrong }))
    for (const sentence of sentences.slice(0, 20)) console.log(`${name}: ${sentence}`);
  console.log(
    `seed ${seed}, ${killed.kills} kills, ${killed.runs} runs, ${rows} rows, ${seconds()} s: lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length}`,
  );
  return lost.length + doubled.length + wrong.length === 0;
}
