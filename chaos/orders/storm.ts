import { keepAlive } from "@/bench/support/shopper/browser";
import type { StaffActor } from "@/lib/accounts/actor";
import { rows } from "../database";
import { type Kill, planKills } from "../plan";
import { pause } from "../processes";
import { Progress } from "../progress";
import { type Crowd, Shopper } from "./shopper";
import { Staff } from "./staff";
import { planShoppers, type ShopperPlan } from "./traffic";
import { type PlannedFault, planFaults } from "./vendor-faults";
import { type VictimKind, victims } from "./victims";
import type { OrdersWorld } from "./world";

const shoppersAtOnce = 8;
/** Answers to a shopper, and runs, that an order takes; so that the kills last about as long as the orders. */
const stepsPerOrder = 12;
const othersPerWorker = 0.25;
const faultsPerOrder = 0.25;
const watchEveryMs = 250;
const lateKillsEveryMs = 1_000;
/** How long new shoppers may come; who is not served by then counts as a violation, instead of a run without an end. */
const openAtLeastMs = 15 * 60_000;
const openMsPerOrder = 2_000;

export type Storm = { crowd: Crowd; staff: Staff; killed: Map<VictimKind, number> };

/** All of it at once, until each shopper is done and everybody was killed who was to be. */
export async function storm(
  world: OrdersWorld,
  actor: StaffActor,
  { seed, orders, kills, say }: { seed: number; orders: number; kills: number; say: (line: string) => void },
): Promise<Storm> {
  const progress = new Progress();
  const crowd: Crowd = {
    storeUrl: world.addresses.store,
    agent: keepAlive(),
    progress,
    told: [],
    retries: 0,
    surprises: [],
  };
  const staff = new Staff(actor, progress);
  const killed = new Map<VictimKind, number>();
  const stepsMax = (count: number) => Math.round((1.7 * stepsPerOrder * orders) / Math.max(1, count));

  const others = Math.round(kills * othersPerWorker);
  const faults = Math.round(orders * faultsPerOrder);
  const plans = [
    planKills<VictimKind>(seed, kills, victims("workers", stepsMax(kills))),
    planKills<VictimKind>(seed + 1, others, victims("others", stepsMax(others))),
  ];
  const watching = watchRuns(world, progress);
  staff.work();
  const traffic = sell(planShoppers(seed, orders), crowd, staff, say);
  const failing = fail(world, planFaults(seed + 2, faults, stepsMax(faults)), progress, traffic);
  await Promise.all([traffic, failing, ...plans.map((plan) => killAll(world, plan, progress, killed, traffic))]);
  await staff.stop();
  watching.stop();
  return { crowd, staff, killed };
}

async function sell(plans: ShopperPlan[], crowd: Crowd, staff: Staff, say: (line: string) => void): Promise<void> {
  let [next, served] = [0, 0];
  const begun = performance.now();
  const closesAt = begun + openAtLeastMs + plans.length * openMsPerOrder;
  const serve = async () => {
    for (let plan = plans[next++]; plan && performance.now() < closesAt; plan = plans[next++]) {
      served += 1;
      const { n } = plan;
      await new Shopper(plan, crowd).shop().catch((error: unknown) => {
        crowd.surprises.push(`shopper ${n} got no further: ${error instanceof Error ? error.message : error}`);
      });
      for (const told of crowd.told.filter((one) => one.plan === plan)) staff.hear(told);
      if ((n + 1) % 100 === 0) {
        const perSecond = (1_000 * (n + 1)) / (performance.now() - begun);
        say(`${n + 1} shoppers, ${perSecond.toFixed(1)} a second`);
      }
    }
  };
  await Promise.all(Array.from({ length: shoppersAtOnce }, serve));
  for (const { n } of plans.slice(served)) crowd.surprises.push(`shopper ${n} was not served in time`);
}

async function killAll(
  world: OrdersWorld,
  plan: Kill<VictimKind>[],
  progress: Progress,
  killed: Map<VictimKind, number>,
  traffic: Promise<void>,
): Promise<void> {
  for (const kill of plan) {
    // When the shoppers are gone, what they left is still at work.
    const isLate = traffic.then(() => pause(lateKillsEveryMs));
    await Promise.race([progress.after(kill.afterSteps, kill.atMostMs), isLate]);
    let victim = await world.killer.kill(kill);
    // Everything is away: nothing but waiting helps.
    for (; victim === undefined; victim = await world.killer.kill(kill)) await pause(20);
    killed.set(victim, (killed.get(victim) ?? 0) + 1);
  }
}

async function fail(
  world: OrdersWorld,
  plan: PlannedFault[],
  progress: Progress,
  traffic: Promise<void>,
): Promise<void> {
  let isOver = false;
  void traffic.then(() => {
    isOver = true;
  });
  for (const { vendor, body, afterSteps, atMostMs } of plan) {
    await Promise.race([progress.after(afterSteps, atMostMs), traffic]);
    // Nobody is left for whom they could fail.
    if (isOver) break;
    await callFaults(world, vendor, "POST", body);
  }
  for (const vendor of ["stripe", "carrier", "resend"] as const) await callFaults(world, vendor, "DELETE");
}

async function callFaults(
  { addresses }: OrdersWorld,
  vendor: PlannedFault["vendor"],
  method: "POST" | "DELETE",
  body?: object,
): Promise<void> {
  const headers = { "content-type": "application/json" };
  const init = body ? { headers, body: JSON.stringify(body) } : {};
  const answer = await fetch(`${addresses[vendor]}/_local/faults`, { method, ...init });
  if (!answer.ok) throw new Error(`${vendor} took no fault: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Runs that end are progress, too; asked for in a way that stays cheap when a hundred thousand have ended. */
function watchRuns({ triggerDatabaseUrl }: OrdersWorld, progress: Progress): { stop: () => void } {
  let isOver = false;
  void (async () => {
    let since = new Date(0).toISOString();
    while (!isOver) {
      const [row] = await rows<{ count: string; latest: string | null }>(
        triggerDatabaseUrl,
        `select count(*), max(completed_at)::text as latest from run
         where execution_status = 'FINISHED' and completed_at > '${since}'`,
      );
      progress.step(Number(row?.count));
      since = row?.latest ?? since;
      await pause(watchEveryMs);
    }
  })();
  return {
    stop: () => {
      isOver = true;
    },
  };
}
