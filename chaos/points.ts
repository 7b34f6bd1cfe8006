// Plays an order's life in all its ways, once without harm, and then once for every point at which a process can die:
// before and after each commit and each call of a vendor, in the first attempt, and in the first and the second. What is
// left must be what is left without a death. `--scenario` plays one of them, `--all` plays points that scenarios share in
// each of them, `--sample N` so many plays by `--seed`, `--in-process` dies without a process of its own.
import { parseArgs } from "node:util";
import { setup, teardown } from "@/tests/support/global-postgres";

const { values } = parseArgs({
  options: {
    scenario: { type: "string" },
    all: { type: "boolean", default: false },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    "in-process": { type: "boolean", default: false },
  },
});

// What the store says to its log is not the result.
const say = process.stdout.write.bind(process.stdout);
const print = (line: string) => say(`${line}\n`);
process.stdout.write = () => true;
process.stderr.write = () => true;

await setup();
let isFine = false;
try {
  await import("@/tests/support/integration-setup");
  const { playPoints } = await import("./points/play-points");
  isFine = await playPoints({
    scenario: values.scenario,
    all: values.all,
    sample: values.sample === undefined ? undefined : Number(values.sample),
    seed: Number(values.seed),
    inProcess: values["in-process"],
    print,
  });
} catch (error) {
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await teardown();
}
process.exit(isFine ? 0 : 1);
