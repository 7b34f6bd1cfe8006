// Claim: the local Trigger.dev server is quick enough that nobody waits for it. What is measured is this local server,
// not Trigger.dev's. Reference, in the same run on the same PostgreSQL: graphile-worker with jobs that do nothing.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { batch, configure, runs, tasks } from "@trigger.dev/sdk";
import { makeWorkerUtils } from "graphile-worker";
import pg from "pg";
import { cpuMsOf, residentMb } from "./support/engine/processes";
import { type Line, line, milliseconds, percentile, table } from "./support/engine/statistics";
import { askDatabase, type EngineWorld, secretKey, startEngineWorld } from "./support/engine/world";

const sustainedMs = Number(process.env.BENCH_SUSTAINED_SECONDS ?? 60) * 1_000;
const finishedRuns = Number(process.env.BENCH_FINISHED_RUNS ?? 1_000_000);
const now = () => performance.timeOrigin + performance.now();
const plain = (digits: number) => (value: number) => value.toFixed(digits);

const world = await startEngineWorld();
configure({ baseURL: world.apiUrl, accessToken: secretKey });
const lines: Line[] = [];
try {
  const host = await world.startHost(8);
  await warmUp();
  lines.push(await acknowledged());
  lines.push(await firstLine("trigger → first line of run(), p50 / p99"));
  lines.push(await batchVisible());
  lines.push(await subscribers());
  lines.push(await roundTrip());
  const { sustained, notes } = await throughput(host.pid);
  lines.push(sustained);
  lines.push(await firstLineAmongMany());
  lines.push(await lostWorker(host));
  lines.push(...(await idle()));
  console.log(`engine: the local Trigger.dev server, not Trigger.dev's\n${table(lines)}\n${notes}`);
  process.exitCode = lines.every(({ isWithin }) => isWithin !== "neither") ? 0 : 1;
} finally {
  await world.close();
}

async function warmUp(): Promise<void> {
  const handles = await Promise.all(Array.from({ length: 100 }, () => tasks.trigger("noop", undefined)));
  await Promise.all(handles.map((handle) => runs.poll(handle, { pollIntervalMs: 100 })));
}

async function acknowledged(): Promise<Line> {
  const times: number[] = [];
  for (let n = 0; n < 1_000; n++) {
    const begun = performance.now();
    await tasks.trigger("noop", { n });
    times.push(performance.now() - begun);
  }
  await quiet();
  return line("trigger() acknowledged, p50 / p99", [
    { measured: percentile(times, 0.5), floor: 15, goal: 5, show: milliseconds },
    { measured: percentile(times, 0.99), floor: 50, goal: 20, show: milliseconds },
  ]);
}

async function firstLine(what: string): Promise<Line> {
  const sent: { id: string; at: number }[] = [];
  for (let n = 0; n < 300; n++) {
    const at = now();
    const { id } = await tasks.trigger("stamp", undefined);
    sent.push({ id, at });
    await sleep(15);
  }
  await quiet();
  const times: number[] = [];
  for (const { id, at } of sent) times.push(Number((await runs.retrieve(id)).output) - at);
  return line(what, [
    { measured: percentile(times, 0.5), floor: 40, goal: 10, show: milliseconds },
    { measured: percentile(times, 0.99), floor: 150, goal: 50, show: milliseconds },
  ]);
}

async function batchVisible(): Promise<Line> {
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const begun = performance.now();
    const { batchId } = await tasks.batchTrigger(
      "noop",
      Array.from({ length: 1_000 }, (_, item) => ({ payload: { item } })),
    );
    const { runs: visible } = await batch.retrieve(batchId);
    times.push(performance.now() - begun);
    if (visible.length !== 1_000) throw new Error(`Only ${visible.length} of 1,000 items are visible`);
    await quiet();
  }
  return line("batchTrigger of 1,000 items, all visible", [
    { measured: percentile(times, 0.5), floor: 2_000, goal: 250, show: milliseconds },
  ]);
}

/** A hundred subscribers, each to a run of its own; the time from the change in the database to the callback. */
async function subscribers(): Promise<Line> {
  const delay = new Date(Date.now() + 6_000);
  const handles = await Promise.all(Array.from({ length: 100 }, () => tasks.trigger("pause", { ms: 50 }, { delay })));
  const times: number[] = [];
  await Promise.all(
    handles.map(async ({ id }) => {
      let status: string | undefined;
      for await (const run of runs.subscribeToRun(id)) {
        if (status !== undefined && run.status !== status) times.push(now() - run.updatedAt.getTime());
        status = run.status;
      }
    }),
  );
  return line("status change → callback, p95, 100 subscribers", [
    { measured: percentile(times, 0.95), floor: 400, goal: 100, show: milliseconds },
  ]);
}

async function roundTrip(): Promise<Line> {
  const handle = await tasks.trigger("round-trips", { count: 60 });
  const { output } = await runs.poll(handle, { pollIntervalMs: 200 });
  return line("triggerAndWait round trip, no-op child, p50", [
    { measured: percentile(output as number[], 0.5), floor: 150, goal: 40, show: milliseconds },
  ]);
}

async function throughput(hostPid: number): Promise<{ sustained: Line; notes: string }> {
  const engine = await measured(world, [world.serverPid, hostPid, world.postgresPid], sustainedMs, {
    add: async (count) => {
      await tasks.batchTrigger(
        "noop",
        Array.from({ length: count }, () => ({ payload: undefined })),
      );
    },
    done: () => finishedSince(world.databaseUrl),
    left: async () =>
      Number(
        (
          await askDatabase<{ count: string }>(
            world.databaseUrl,
            "select count(*) from run where execution_status = 'QUEUED'",
          )
        )[0]?.count,
      ),
  });
  const reference = await graphile();
  const show = (value: { perSecond: number; cpuMs: number }) =>
    `${Math.round(value.perSecond)} a second, ${value.cpuMs.toFixed(2)} CPU-ms each`;
  return {
    sustained: line(`no-op runs a second, for ${sustainedMs / 1_000} s`, [
      { measured: engine.perSecond, floor: 150, goal: 500, show: plain(0), isMore: true },
    ]),
    notes: `engine: ${show(engine)} (server, host with its run processes, PostgreSQL)\ngraphile-worker: ${show(reference)}; ${(reference.perSecond / engine.perSecond).toFixed(1)} times as many`,
  };
}

async function finishedSince(url: string): Promise<number> {
  const [row] = await askDatabase<{ count: string }>(
    url,
    "select count(*) from run where execution_status = 'FINISHED'",
  );
  return Number(row?.count);
}

type Load = { add: (count: number) => Promise<void>; done: () => Promise<number>; left: () => Promise<number> };

/** Keeps a backlog for some time and counts what is done of it. */
async function measured(
  _: EngineWorld,
  pids: number[],
  ms: number,
  load: Load,
): Promise<{ perSecond: number; cpuMs: number }> {
  await load.add(1_000);
  const cpu = () => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const [doneBefore, cpuBefore, begun] = [await load.done(), cpu(), performance.now()];
  while (performance.now() - begun < ms) {
    if ((await load.left()) < 1_500) await load.add(1_000);
    else await sleep(100);
  }
  const took = performance.now() - begun;
  const done = (await load.done()) - doneBefore;
  return { perSecond: done / (took / 1_000), cpuMs: (cpu() - cpuBefore) / done };
}

async function graphile(): Promise<{ perSecond: number; cpuMs: number }> {
  await quiet();
  const utils = await makeWorkerUtils({ connectionString: world.referenceUrl });
  await utils.migrate();
  const worker = spawn(process.execPath, ["--import", "tsx", "bench/support/engine/reference-worker.ts"], {
    env: { ...process.env, REFERENCE_URL: world.referenceUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => worker.stdout.once("data", resolve));
  const pool = new pg.Pool({ connectionString: world.referenceUrl, max: 2 });
  let added = 0;
  const left = async () =>
    Number((await pool.query("select count(*) from graphile_worker._private_jobs")).rows[0].count);
  try {
    return await measured(world, [worker.pid ?? 0, world.postgresPid], sustainedMs / 3, {
      add: async (count) => {
        added += count;
        await pool.query("select graphile_worker.add_job('noop') from generate_series(1, $1)", [count]);
      },
      done: async () => added - (await left()),
      left,
    });
  } finally {
    worker.kill("SIGTERM");
    await pool.end();
    await utils.release();
  }
}

/** The same again, in a table that a busy year has filled. */
async function firstLineAmongMany(): Promise<Line> {
  await askDatabase(
    world.databaseUrl,
    `with off as (select set_config('session_replication_role', 'replica', false))
     insert into run (id, task_id, status, execution_status, queue, queue_time, available_at, created_at, completed_at)
     select 'old' || n, 'noop', 'COMPLETED_SUCCESSFULLY', 'FINISHED', 'task/noop', at, at, at, at
     from off, generate_series(1, $1::int) n, lateral (select now() - n * interval '0.5 second' as at) moments`,
    [finishedRuns],
  );
  await askDatabase(world.databaseUrl, "analyze run");
  return firstLine(`the same among ${finishedRuns.toLocaleString("en-IE")} finished runs, p50 / p99`);
}

async function lostWorker(host: { kill: () => void }): Promise<Line> {
  const handle = await tasks.trigger("twice", { ms: 120_000 });
  while ((await runs.retrieve(handle.id)).status !== "EXECUTING") await sleep(50);
  await world.startHost(2);
  const killedAt = now();
  host.kill();
  const { output } = await runs.poll(handle, { pollIntervalMs: 100 });
  return line("kill -9 of a worker → its run begins elsewhere", [
    { measured: (Number(output) - killedAt) / 1_000, floor: 30, goal: 5, show: (value) => `${value.toFixed(1)} s` },
  ]);
}

async function idle(): Promise<Line[]> {
  await quiet();
  await sleep(15_000);
  const transactions = async () =>
    Number(
      (
        await askDatabase<{ count: string }>(
          world.referenceUrl,
          "select xact_commit + xact_rollback as count from pg_stat_database where datname = 'engine'",
        )
      )[0]?.count,
    );
  const before = { cpu: cpuMsOf(world.serverPid), transactions: await transactions() };
  const seconds = 30;
  await sleep(seconds * 1_000);
  const cpu = (cpuMsOf(world.serverPid) - before.cpu) / (seconds * 10);
  const queries = ((await transactions()) - before.transactions) / seconds;
  return [
    line("idle: CPU of one core / RSS / queries a second", [
      { measured: cpu, floor: 2, goal: 1, show: (value) => `${value.toFixed(1)} %` },
      { measured: residentMb(world.serverPid), floor: 300, goal: 150, show: (value) => `${Math.round(value)} MB` },
      { measured: queries, floor: 20, goal: 2, show: plain(1) },
    ]),
  ];
}

/** Until nothing is left to do. */
async function quiet(): Promise<void> {
  for (;;) {
    const [row] = await askDatabase<{ count: string }>(
      world.databaseUrl,
      "select count(*) from run where execution_status <> 'FINISHED'",
    );
    if (row?.count === "0") return;
    await sleep(100);
  }
}
