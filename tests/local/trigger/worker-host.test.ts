import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configure, envvars, runs, tasks, wait } from "@trigger.dev/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WorkerHost } from "@/local/trigger/worker/host";
import { ended, eventually, type HostProject, hostProject, isAlive } from "./host-project";
import { projectRef, secretKey, triggerServerForFile } from "./server";

const server = triggerServerForFile();
let project: HostProject;
let host: WorkerHost;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  project = await hostProject();
  await writeFile(join(project.dir, ".env"), "FROM_FILE=file\nBOTH=file\n");
  host = await project.start(server.url, { slots: 2, warm: 2 });
}, 120_000);

afterAll(async () => {
  await host?.close();
  await project?.remove();
});

const begun = (handle: { id: string }) =>
  eventually("the run to begin", () => {
    const [line] = project.recordsOf(handle.id);
    return line !== undefined && Number(line.split(" ")[1]);
  });

test("a failing task is tried again as its settings say, in the same process", async () => {
  const run = await ended(await tasks.trigger("until-third", {}));

  expect([run.status, run.output, run.attemptCount]).toEqual(["COMPLETED", 3, 3]);
}, 60_000);

test("hooks are called in the official order, around a wait too", async () => {
  const token = await wait.createToken({ timeout: "1h" });
  const handle = await tasks.trigger("hooked", { token: token.id });
  await eventually("the wait", () => project.recordsOf(handle.id).includes("onWait token"));
  await wait.completeToken(token, null);
  await ended(handle);

  expect(project.recordsOf(handle.id)).toEqual([
    "middleware begins",
    "init",
    "onStart",
    "onStartAttempt 1",
    "run",
    "onWait token",
    "onResume token",
    "onSuccess",
    "onComplete true",
    "middleware ends",
  ]);
}, 60_000);

test("a failure is told to catchError at each attempt, to onFailure and onComplete at the last", async () => {
  const handle = await tasks.trigger("hooked", { fails: true }, { maxAttempts: 2 });
  const run = await ended(handle);

  const told = project.recordsOf(handle.id).filter((line) => !line.startsWith("middleware"));
  expect(run.status).toBe("FAILED");
  expect(told).toEqual([
    ...["init", "onStart", "onStartAttempt 1", "run", "catchError"],
    ...["init", "onStartAttempt 2", "run", "catchError", "onFailure", "onComplete false"],
  ]);
}, 60_000);

test("catchError can forbid another attempt", async () => {
  const run = await ended(await tasks.trigger("skipping", {}));

  expect([run.status, run.attemptCount]).toEqual(["FAILED", 1]);
}, 60_000);

test("two slots are enough for runs that wait for each other four deep; metadata reaches parent and root", async () => {
  const handle = await tasks.trigger("nested", { depth: 4 });
  const run = await ended(handle);

  expect(run.output).toBe(4);
  expect(run.metadata).toMatchObject({ depth: 4, seen: 5, children: expect.arrayContaining([3]) });
}, 60_000);

test("console output and logs of a run are printed under its id", async () => {
  const handle = await tasks.trigger("talks", {});
  await ended(handle);

  expect(project.lines.filter((line) => line.startsWith(handle.id)).join("\n")).toContain("plain words");
}, 60_000);

test("variables set by the API reach the next run; those of .env beat them", async () => {
  await envvars.upload(projectRef, "dev", { variables: { FROM_API: "api", BOTH: "api" }, override: true });
  const first = await ended(await tasks.trigger("variables", { names: ["FROM_API", "FROM_FILE", "BOTH"] }));
  await envvars.del(projectRef, "dev", "FROM_API");
  const second = await ended(await tasks.trigger("variables", { names: ["FROM_API"] }));

  expect([first.output, second.output]).toEqual([["api", "file", "file"], [null]]);
}, 60_000);

test("a payload and an output too large for a message travel another way", async () => {
  const text = randomBytes(200_000).toString("hex");
  const run = await ended(await tasks.trigger("echo", { text }));

  expect((run.output as { text: string }).text === text).toBe(true);
}, 60_000);

test("a cancelled run's hooks are called, and its process is ended", async () => {
  const handle = await tasks.trigger("behaves", { how: "sleep" });
  const pid = await begun(handle);

  await runs.cancel(handle.id);
  const run = await eventually("the end of its process", async () => !isAlive(pid) && runs.retrieve(handle.id));

  expect([run.status, project.recordsOf(handle.id)[1]]).toEqual(["CANCELED", "cancelled"]);
}, 60_000);

test("a cancelled run that is busy in a loop is ended the hard way", async () => {
  const handle = await tasks.trigger("behaves", { how: "loop" });
  const pid = await begun(handle);

  await runs.cancel(handle.id);
  const from = Date.now();
  await eventually("the end of its process", () => !isAlive(pid));

  expect(Date.now() - from).toBeLessThan(10_000);
  expect((await runs.retrieve(handle.id)).status).toBe("CANCELED");
}, 60_000);

test("a run that waits, and one between two attempts, can be cancelled", async () => {
  const token = await wait.createToken({ timeout: "1h" });
  const waiting = await tasks.trigger("behaves", { how: "wait", token: token.id });
  const failing = await tasks.trigger("behaves", { how: "fail slowly" });
  const pid = await begun(waiting);
  await begun(failing);

  await Promise.all([runs.cancel(waiting.id), runs.cancel(failing.id)]);
  await eventually("the end of its process", () => !isAlive(pid));
  // Both wait for a slot behind them, so that whatever they had kept would show.
  await Promise.all([ended(await tasks.trigger("echo", {})), ended(await tasks.trigger("echo", {}))]);

  expect((await ended(waiting)).status).toBe("CANCELED");
  expect((await ended(failing)).status).toBe("CANCELED");
  expect(project.recordsOf(failing.id).filter((line) => line.startsWith("begun"))).toHaveLength(1);
}, 60_000);

test.each(["sleep", "loop"])(
  "maxDuration ends a run that does nothing but %s",
  async (how) => {
    const handle = await tasks.trigger("behaves", { how }, { maxDuration: 5 });
    const pid = await begun(handle);
    const run = await ended(handle);
    await eventually("the end of its process", () => !isAlive(pid));

    expect(run.status).toBe("TIMED_OUT");
  },
  60_000,
);

test("a process that exits, or is killed, has crashed its run: for good", async () => {
  const exiting = await ended(await tasks.trigger("behaves", { how: "exit" }));
  const handle = await tasks.trigger("behaves", { how: "sleep" });
  process.kill(await begun(handle), "SIGKILL");
  const killed = await ended(handle);

  expect([exiting.status, exiting.error?.message]).toEqual([
    "CRASHED",
    expect.stringContaining("TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE"),
  ]);
  expect(killed.status).toBe("CRASHED");
}, 60_000);

test("a process that is killed has crashed its run, also while a program that it started lives on", async () => {
  const handle = await tasks.trigger("behaves", { how: "start another" });
  const other = await eventually("the other program", () => Number(project.recordsOf(handle.id)[1]?.split(" ")[1]));
  process.kill(await begun(handle), "SIGKILL");
  const run = await ended(handle);

  expect([run.status, isAlive(other)]).toEqual(["CRASHED", true]);
  process.kill(other, "SIGKILL");
}, 60_000);

test("an exception that nobody catches fails the attempt, which is over before the next begins", async () => {
  const handle = await tasks.trigger("behaves", { how: "throw later" }, { maxAttempts: 1 });
  const pid = await begun(handle);
  const run = await ended(handle);

  expect(run.error?.message).toContain("TASK_RUN_UNCAUGHT_EXCEPTION");
  expect([run.status, isAlive(pid)]).toEqual(["FAILED", false]);
}, 60_000);

test("a task that takes more memory than its machine has crashes; a larger machine it names gets a try", async () => {
  const [hungry, once] = await Promise.all([
    ended(await tasks.trigger("hungry", {})),
    ended(await tasks.trigger("hungry-once", {})),
  ]);

  expect([hungry.status, hungry.attemptCount]).toEqual(["CRASHED", 1]);
  expect([once.status, once.output, once.attemptCount]).toEqual(["COMPLETED", "small-2x", 2]);
}, 90_000);

test("a run whose last metadata can not be stored ends all the same", async () => {
  const run = await ended(await tasks.trigger("behaves", { how: "too much metadata" }));

  expect([run.status, run.output]).toEqual(["COMPLETED", "too much metadata"]);
}, 60_000);
