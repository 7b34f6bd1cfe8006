// Plays an order's life in all its ways, once without harm, and then once for every point at which a process can die:
// before and after each commit and each call of a vendor, in the first attempt, and in the first and the second. What is
// left must be what is left without a death. `--scenario` plays only those whose name matches, `--at` only points whose
// name does, `--all` plays points that scenarios share in
// each of them, `--sample N` and `--seconds N` end earlier (in the order of `--seed`), `--in-process` dies without a
// process of its own, which is quicker.
import { parseArgs } from "node:util";
import { setup, teardown } from "@/tests/support/global-postgres";

const { values } = parseArgs({
  options: {
    scenario: { type: "string" },
    at: { type: "string" },
    all: { type: "boolean", default: false },
    sample: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string", default: "1" },
    "in-process": { type: "boolean", default: false },
  },
});
const pattern = (text: string | undefined) => (text === undefined ? undefined : new RegExp(text));
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));

// What the store says to its log is not the result.
const say = process.stdout.write.bind(process.stdout);
const print = (line: string) => say(`${line}\n`);
process.stdout.write = () => true;
process.stderr.write = () => true;

const begun = performance.now();
let isFine = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void teardown().finally(() => process.exit(1)));
await setup();
try {
  await import("@/tests/support/integration-setup");
  const { playPoints } = await import("./points/play-points");
  const { points, plays, planned, violations } = await playPoints({
    scenario: pattern(values.scenario),
    at: pattern(values.at),
    all: values.all,
    sample: number(values.sample),
    secondsMax: number(values.seconds),
    seed: Number(values.seed),
    inProcess: values["in-process"],
    print,
  });
  const seconds = Math.round((performance.now() - begun) / 1_000);
  const counts =
    plays === planned ? `${points} x 2 attempts, ${plays} plays` : `${points}, ${plays} of ${planned} plays`;
  print(`points: ${counts}, ${seconds} s: violations ${violations.length}`);
  isFine = violations.length === 0 && plays > 0;
} catch (error) {
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await teardown();
}
process.exit(isFine ? 0 : 1);
