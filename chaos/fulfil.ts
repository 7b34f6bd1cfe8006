// Completes thousands of payment pages and has ten callers at once take each of them all the way, then counts what there
// must be once: orders, charges at Stripe, labels at the carrier, mails.
import { parseArgs } from "node:util";
import { fulfil } from "./fulfil/fulfil";
import { openShop } from "./store/shop";
import { startStoreWorld } from "./store/world";

const { values } = parseArgs({
  options: { sessions: { type: "string", default: "5000" }, "at-once": { type: "string", default: "8" } },
});
const [sessions, atOnce] = [Number(values.sessions), Number(values["at-once"])];
if (![sessions, atOnce].every((value) => Number.isInteger(value) && value >= 1)) {
  console.error("--sessions and --at-once must be whole numbers from 1.");
  process.exit(1);
}

const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1_000);
const world = await startStoreWorld();
let isFine = false;
try {
  await openShop();
  const say = (done: number) => {
    if (done % 500 === 0) console.log(`${done} sessions, ${seconds()} s`);
  };
  const { counts, deadlocks, wrongs } = await fulfil({ sessions, atOnce, say });
  const violations = [...wrongs, ...world.loggedErrors()];
  if (deadlocks !== 0) violations.push(`Postgres ended ${deadlocks} deadlocks.`);
  for (const sentence of violations.slice(0, 40)) console.log(`  ${sentence}`);
  const { orders, captures, shipments, liveLabels, mails } = counts;
  console.log(
    `${sessions} sessions, 10 callers each, ${seconds()} s: orders ${orders}, captures ${captures}, shipments ${shipments}, live labels ${liveLabels}, mails ${mails}, deadlocks ${deadlocks}, violations ${violations.length}`,
  );
  isFine = violations.length === 0;
} finally {
  await world.close();
}
process.exit(isFine ? 0 : 1);
