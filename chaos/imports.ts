// Imports one file twice: undisturbed, and by workers that are killed over and over. Then it is looked whether both
// stores say the same, and what the file was made to say. A seed decides the file and the kills. `--type` is a kind of
// imports, or `all` of them one after the other, each with its share of the rows and kills. `--undo` then undoes the import
// in the same way. `--keep` leaves the workers' log.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { startBenchWorld } from "@/bench/support/world";
import { closeDb } from "@/lib/db/client";
import { ImportType } from "@/lib/imports/import-type";
import { makeFile } from "./imports/files/make-file";
import { proveImport } from "./imports/prove";
import { Random } from "./random";
import { muteLog } from "./store/mute-log";

const { values } = parseArgs({
  options: {
    type: { type: "string", default: "products" },
    seed: { type: "string", default: "7" },
    kills: { type: "string", default: "200" },
    rows: { type: "string", default: "200000" },
    portion: { type: "string", default: "500" },
    undo: { type: "boolean", default: false },
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
const asked = z.union([ImportType, z.literal("all")]).safeParse(values.type);
if (!asked.success) {
  console.error(`--type must be ${ImportType.options.join(", ")} or all.`);
  process.exit(1);
}
const types = asked.data === "all" ? ImportType.options : [asked.data];

const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1_000);
const folder = await mkdtemp(join(tmpdir(), "shopfloor-chaos-imports-"));
const world = await startBenchWorld();
let isFine = true;
try {
  muteLog();
  for (const type of types) isFine = (await prove(type)) && isFine;
} finally {
  await closeDb();
  await world.close();
  if (values.keep) console.log(`log: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
process.exit(isFine ? 0 : 1);

async function prove(type: ImportType): Promise<boolean> {
  const file = makeFile(type, seed, Math.ceil(rowsWanted / types.length));
  const options = {
    file,
    kills: Math.ceil(kills / types.length),
    chunkRows,
    random: new Random(seed),
    logFile: join(folder, "workers.log"),
  };
  const { killed, undone, wrongs } = await proveImport(options, { undoing: values.undo });
  for (const [name, sentences] of Object.entries(wrongs))
    for (const sentence of sentences.slice(0, 20)) console.log(`${type}: ${name}: ${sentence}`);
  const { lost, doubled, wrong } = wrongs;
  const undoing = undone ? `, undone: ${undone.kills} kills, ${undone.runs} runs` : "";
  console.log(
    `${type}: seed ${seed}, ${killed.kills} kills, ${killed.runs} runs, ${file.rows} rows, ${file.expected.bad.length} bad${undoing}, ` +
      `${seconds()} s: lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length}`,
  );
  return lost.length + doubled.length + wrong.length === 0;
}
