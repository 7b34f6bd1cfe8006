// Has thousands of buyers press the button at the same moment, for one item and then for mixed carts, and looks whether
// exactly what was there was sold, whether anybody waited in a circle, and how long it took. A seed decides who pays,
// who leaves, and what is in the carts.
import { parseArgs } from "node:util";
import { percentile } from "@/bench/support/engine/statistics";
import { Random } from "./random";
import { mixedCart, oneItem } from "./rush/carts";
import { type RushResult, rush } from "./rush/rush";
import { MovedClock } from "./store/clock";
import { openShop } from "./store/shop";
import { startStoreWorld } from "./store/world";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "7" },
    buyers: { type: "string", default: "5000" },
    pieces: { type: "string", default: "100" },
  },
});
const [seed, buyers, pieces] = [values.seed, values.buyers, values.pieces].map(Number) as [number, number, number];
if (![seed, buyers, pieces].every(Number.isInteger) || buyers < 1 || pieces < 1) {
  console.error("--seed, --buyers and --pieces must be whole numbers, buyers and pieces at least 1.");
  process.exit(1);
}

/** What the store promises: so long may setting goods aside take, of 19 in 20 buyers. */
const reservationMaxMs = 250;
const mixedVariants = 8;
const world = await startStoreWorld();
let isFine = false;
try {
  await openShop();
  const [random, clock] = [new Random(seed), new MovedClock()];
  const hot = await play("one item", () => rush({ buyers, stock: [pieces], cart: oneItem, random, clock }), pieces);
  const stock = Array.from({ length: mixedVariants }, () => pieces);
  const mixed = await play("mixed carts", () => rush({ buyers, stock, cart: mixedCart(mixedVariants), random, clock }));
  isFine = hot && mixed;
} finally {
  await world.close();
}
process.exit(isFine ? 0 : 1);

async function play(name: string, work: () => Promise<RushResult>, mustSell?: number): Promise<boolean> {
  const from = performance.now();
  const result = await work();
  const { rounds, sold, left, deadlocks } = result;
  const wrongs = [...result.wrongs, ...world.loggedErrors()];
  for (const [index, round] of rounds.entries()) console.log(`${name}, round ${index + 1}: ${lineOf(round)}`);
  const p95 = Math.max(...rounds.map(({ transactionMs }) => percentile(transactionMs, 0.95)));
  if (mustSell !== undefined && sold !== mustSell) wrongs.push(`${sold} were sold of ${mustSell}.`);
  if (deadlocks !== 0) wrongs.push(`Postgres ended ${deadlocks} deadlocks.`);
  if (!(p95 <= reservationMaxMs)) wrongs.push(`A reservation took ${p95.toFixed(0)} ms (p95).`);
  for (const sentence of wrongs.slice(0, 40)) console.log(`  ${sentence}`);
  const seconds = ((performance.now() - from) / 1_000).toFixed(0);
  console.log(
    `seed ${seed}, ${name}, ${buyers} buyers, ${pieces} pieces, ${seconds} s: sold ${sold}, left ${left}, deadlocks ${deadlocks}, reservation p95 ${p95.toFixed(0)} ms, violations ${wrongs.length}`,
  );
  return wrongs.length === 0;
}

function lineOf({ came, bought, transactionMs, seconds }: RushResult["rounds"][number]): string {
  const count = (outcome: string) => bought.filter((one) => one.outcome === outcome).length;
  const answered = bought.map(({ answeredMs }) => answeredMs / 1_000);
  const busy = bought.reduce((sum, one) => sum + one.busy, 0);
  const at = (share: number) => percentile(answered, share).toFixed(1);
  return [
    `${came} came, ${count("pays")} paid, ${count("abandons")} left, ${count("declined")} were declined, ${count("sold-out")} found it sold out`,
    `transactions p50 ${percentile(transactionMs, 0.5).toFixed(0)} ms, p95 ${percentile(transactionMs, 0.95).toFixed(0)} ms, most ${Math.max(...transactionMs).toFixed(0)} ms`,
    `answered after p50 ${at(0.5)} s, p95 ${at(0.95)} s; told to come again ${busy} times; ${seconds.toFixed(1)} s`,
  ].join("; ");
}
