// Sends the store a hundred thousand requests, good ones and tampered ones of every kind, and compares what would be
// charged with a computation of its own. What must be refused is refused in a sentence and changes no row.
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz/fuzz";
import { Random } from "./random";
import { startStoreWorld } from "./store/world";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "7" }, requests: { type: "string", default: "100000" } },
});
const [seed, requests] = [Number(values.seed), Number(values.requests)];
if (![seed, requests].every(Number.isInteger) || requests < 1) {
  console.error("--seed and --requests must be whole numbers, --requests at least 1.");
  process.exit(1);
}

/** So long prices, taxes and ways of shipping stay as they are. */
const roundsAShop = 10;
const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1_000);
const world = await startStoreWorld({ endOn: ["SIGTERM"] });
let isFine = false;
try {
  let [told, isStopped] = [0, false];
  // Ctrl-C: the round that is under way is the last one, and is told of.
  process.once("SIGINT", () => {
    isStopped = true;
  });
  const { tally, shops } = await fuzz({
    random: new Random(seed),
    requests,
    roundsAShop,
    isEnough: () => isStopped,
    say: (at) => {
      if (at.requests < told + 5_000) return;
      told = at.requests;
      console.log(`${at.requests} requests, ${seconds()} s, ${at.wrongs.length} violations`);
    },
  });
  const violations = [...tally.wrongs, ...world.loggedErrors()];
  const refused = [...tally.refused].sort(([, a], [, b]) => b - a);
  console.log(`refused: ${refused.map(([code, count]) => `${count} ${code}`).join(", ")}`);
  const kinds = [...tally.kinds].map(([kind, { accepted, refused: no }]) => `${kind} ${accepted} / ${no}`);
  console.log(`accepted / refused: ${kinds.join(", ")}`);
  for (const sentence of [...new Set(violations)].slice(0, 40)) console.log(`  ${sentence}`);
  const refusals = refused.reduce((sum, [, count]) => sum + count, 0);
  console.log(
    `seed ${seed}, ${tally.requests} requests in ${shops} shops, ${seconds()} s: accepted ${tally.accepted}, refused ${refusals}, violations ${violations.length}`,
  );
  isFine = violations.length === 0;
} finally {
  await world.close();
}
process.exit(isFine ? 0 : 1);
