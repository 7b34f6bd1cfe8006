import { afterAll, beforeAll, expect, test } from "vitest";
import { cardScenarios } from "@/chaos/points/card-scenarios";
import { mortalAddress, mortalInProcess } from "@/chaos/points/in-process";
import type { Mortal } from "@/chaos/points/mortal";
import { planDeaths } from "@/chaos/points/plan";
import { judge, type Played, play } from "@/chaos/points/play";
import { type ScenarioName, scenarioNames } from "@/chaos/points/scenarios";
import { openWorld, type World } from "@/chaos/points/world";
import { Random } from "@/chaos/random";

// All of them, and with real processes: `npm run chaos -- points`. Here a few of the longest way, others each week.
const scenario = "delivered";
const plays = 4;
const seed = Math.floor(Date.now() / (7 * 24 * 3_600_000));

let world: World;
let mortal: Mortal;
let calm: Played;

beforeAll(async () => {
  const databaseUrl = process.env.DATABASE_URL ?? "";
  process.env.DATABASE_URL = mortalAddress(databaseUrl);
  world = await openWorld(databaseUrl);
  mortal = mortalInProcess(databaseUrl);
  calm = await play(world, mortal, scenario);
}, 120_000);

afterAll(async () => {
  await mortal.close();
  await world.close();
});

test("each commit and each call of a vendor is a point, before and after", () => {
  const points = new Set(calm.passed.map(({ point }) => point));

  expect(calm.findings).toEqual([]);
  for (const effect of [
    "place-order: commit",
    "create-checkout-session: stripe",
    "start-payment: commit",
    "receive-stripe-event: commit",
    "relay-outbox: trigger order.process",
    "handle-stripe-event: commit",
    "secure-stock: commit",
    "capture-payment: stripe",
    "confirm-order: commit",
    "send-mail: mail",
    "http-carrier: carrier PUT",
    "put-object: storage",
    "fulfill-order: commit",
    "mark-shipped: commit",
  ])
    for (const when of ["before", "after"]) expect(points).toContain(effect.replace(": ", `: ${when} `));
});

test("a death before the commit leaves nothing: no row, no transaction, no line that still runs", async () => {
  await world.reset();
  const event = { id: "evt_1", type: "invoice.paid", created: 0, data: { object: { id: "in_1" } } };
  const step = { name: "receive", input: { event }, clockMs: 0 } as const;

  const { passed, end } = await mortal.live(step, { point: "receive-stripe-event: before commit", passing: 1 });

  expect(end).toBe("died");
  // Neither the commit nor the relay, which is in a `finally`.
  expect(passed).toEqual(["receive-stripe-event: before commit"]);
  expect((await world.sql.query("select from stripe_event")).rowCount).toBe(0);
  const open = await world.sql.query(
    "select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
  );
  expect(open.rowCount).toBe(0);
  expect(await mortal.live(step, undefined)).toMatchObject({ end: { value: { isNew: true } } });
});

test("wherever the process dies, once or twice, the order ends as if it had not", async () => {
  const random = new Random(seed);
  const planned = planDeaths(new Map([[scenario, calm]]));

  for (let count = 0; count < plays; count++) {
    const one = planned[random.between(0, planned.length - 1)];
    if (!one) throw new Error("There is nothing to play");
    const played = await play(world, mortal, scenario, one.plan);
    expect(judge(calm, played, one.plan), `${one.plan.times} x ${one.where}`).toEqual([]);
  }
}, 300_000);

test("an order with a saved card ends as it must in each way, and where the process dies as if it had not", async () => {
  const calmOnes = new Map<ScenarioName, Played>();
  for (const name of scenarioNames.filter((one) => one in cardScenarios)) {
    const played = await play(world, mortal, name);
    expect(played.findings, name).toEqual([]);
    calmOnes.set(name, played);
  }
  const random = new Random(seed);
  const planned = planDeaths(calmOnes);

  for (let count = 0; count < plays; count++) {
    const one = planned[random.between(0, planned.length - 1)];
    if (!one) throw new Error("There is nothing to play");
    const played = await play(world, mortal, one.scenario, one.plan);
    const calmOne = calmOnes.get(one.scenario) as Played;
    expect(judge(calmOne, played, one.plan), `${one.scenario}, ${one.plan.times} x ${one.where}`).toEqual([]);
  }
}, 300_000);

test("what is not as without a death is found", () => {
  const plan = { point: "capture-payment: after stripe", occurrence: 1, times: 1 } as const;
  const crashed = { ...calm, deaths: 1, picture: { ...calm.picture, mails: [] }, findings: ["Money is missing."] };

  expect(judge(calm, crashed, plan)).toEqual([
    "Money is missing.",
    expect.stringMatching(/^mails: \[\] instead of \[/),
  ]);
  expect(judge(calm, calm, plan)).toEqual(["nobody died at capture-payment: after stripe"]);
});
