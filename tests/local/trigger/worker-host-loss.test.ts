import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configure, runs, tasks, wait } from "@trigger.dev/sdk";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type PreparedProject, prepareProject } from "@/local/trigger/worker/host";
import { expectConsoleError } from "@/tests/support/console";
import { ended, eventually, type HostProject, hostProject, isAlive } from "./host-project";
import { secretKey, triggerServerForFile } from "./server";

const server = triggerServerForFile({ stallGraceMs: 1_500, sessionLeaseMs: 6_000 });
let project: HostProject;
let prepared: PreparedProject;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  project = await hostProject();
  prepared = await prepareProject(project.dir, join(project.dir, ".trigger", "prepared"), () => undefined);
}, 120_000);

afterAll(() => project?.remove());

async function startHost(slots = 2) {
  const host = await project.start(server.url, { prepared, slots, warm: slots });
  onTestFinished(() => host.close());
  return host;
}

/** The host as a process of its own, the way a person starts it. */
async function startProcess(): Promise<ChildProcess> {
  const args = [
    "--import",
    "tsx",
    "local/trigger/worker/main.ts",
    "--project",
    project.dir,
    "--slots",
    "2",
    "--warm",
    "1",
  ];
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "test",
      RECORDS: join(project.dir, "records"),
      TRIGGER_API_URL: server.url,
      TRIGGER_SECRET_KEY: secretKey,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.on("data", (text: Buffer) => {
    printed += text;
  });
  await eventually("the host", () => printed.includes("ready"));
  return child;
}

const begunTimes = (handle: { id: string }, times: number) =>
  eventually(`${times} attempts of ${handle.id}`, () => {
    const pids = project.recordsOf(handle.id).map((line) => Number(line.split(" ")[1]));
    return pids.length >= times && pids;
  });

const parentOf = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1]);

test("a restart of the server interrupts neither a run at work nor one that waits, and no end is lost", async () => {
  expectConsoleError(/worker host|timers pause/);
  await startHost();
  const token = await wait.createToken({ timeout: "1h" });
  const working = await tasks.trigger("naps", { ms: 4_000 });
  const waiting = await tasks.trigger("behaves", { how: "wait", token: token.id });
  await begunTimes(waiting, 1);
  const ending = await tasks.trigger("naps", { ms: 300 });
  await begunTimes(ending, 1);

  await server.restart();
  await wait.completeToken(token, null);
  const all = await Promise.all([working, waiting, ending].map(ended));

  expect(all.map((run) => [run.status, run.attemptCount])).toEqual(Array(3).fill(["COMPLETED", 1]));
}, 60_000);

test("a host whose session has ended stops its runs; they begin again, once", async () => {
  await startHost(1);
  const handle = await tasks.trigger("naps", { ms: 3_000 });
  const [first] = await begunTimes(handle, 1);

  const client = new pg.Client({ connectionString: server.database.url, options: "-c search_path=trigger_local" });
  await client.connect();
  await client.query("update timer set due_at = now() where kind = 'session'");
  await client.query("select pg_notify('trigger_local_timer', '')");
  await client.end();
  const run = await ended(handle);

  expect([run.status, run.output, isAlive(first ?? 0)]).toEqual(["COMPLETED", 2, false]);
  expect(project.recordsOf(handle.id)).toHaveLength(2);
}, 60_000);

test("two hosts together keep the limit of one queue", async () => {
  await Promise.all([startHost(), startHost()]);

  const handles = await tasks.batchTrigger(
    "alone",
    Array.from({ length: 6 }, () => ({ payload: {} })),
  );
  await eventually("all of them", async () => {
    const records = project.recordsOf("narrow");
    return records.filter((line) => line.startsWith("end")).length === 6;
  });

  const ids = project.recordsOf("narrow").map((line) => line.split(" ")[1]);
  // Each ends before another begins.
  expect(handles.runCount).toBe(6);
  expect(ids.filter((_, n) => n % 2 === 0)).toEqual(ids.filter((_, n) => n % 2 === 1));
}, 60_000);

test.runIf(process.platform === "linux")(
  "the runs of a host that hangs, or is killed, go on elsewhere when their processes are gone, even busy ones",
  async () => {
    await Promise.all([startProcess(), startProcess()]);
    const handle = await tasks.trigger("behaves", { how: "loop" }, { maxAttempts: 4 });
    const [first = 0] = await begunTimes(handle, 1);

    const hanging = parentOf(first);
    process.kill(hanging, "SIGSTOP");
    const second = (await begunTimes(handle, 2))[1] ?? 0;
    const firstWasAlive = canRun(first);
    process.kill(hanging, "SIGCONT");

    process.kill(parentOf(second), "SIGKILL");
    await eventually("the end of its process", () => !isAlive(second));
    const from = Date.now();
    const third = (await begunTimes(handle, 3))[2] ?? 0;

    expect([firstWasAlive, isAlive(third)]).toEqual([false, true]);
    expect(Date.now() - from).toBeLessThan(15_000);
    await runs.cancel(handle.id);
    expect((await ended(handle)).attemptCount).toBe(3);
    await eventually("the end of the last process", () => !isAlive(third));
  },
  90_000,
);

/** A stopped parent does not take the end of its children: they stay as zombies. */
function canRun(pid: number): boolean {
  return isAlive(pid) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
