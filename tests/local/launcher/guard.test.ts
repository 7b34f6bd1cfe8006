import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { describeProcess, everyProcessOf, pids } from "@/local/machine/processes.mjs";
import { temporaryFolder } from "@/tests/support/temporary-folder";

type SmallWorld = { id: string; launcher: ChildProcess; said: AsyncIterator<string> };

async function smallWorld(): Promise<SmallWorld> {
  const id = randomBytes(8).toString("hex");
  const script = join(import.meta.dirname, "fixtures/small-world.ts");
  const launcher = spawn(process.execPath, ["--import", "tsx", script, id, await temporaryFolder()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    for (const pid of everyProcessOf(id)) process.kill(pid, "SIGKILL");
  });
  const said = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
  expect((await said.next()).value).toBe("ready");
  expect(everyProcessOf(id)).toHaveLength(3);
  return { id, launcher, said };
}

/** The guard's own command line names the world. */
function guardOf(id: string): number | undefined {
  return pids().find((pid) => describeProcess(pid)?.command.includes(`guard-process.mjs ${id}`));
}

const nobodyIsLeft = (id: string) =>
  expect.poll(() => [...everyProcessOf(id), guardOf(id)].filter(Boolean), { timeout: 15_000 }).toEqual([]);

test("kill -9 of the launcher leaves none of its processes, not even detached ones that ignore SIGTERM", async () => {
  const { id, launcher } = await smallWorld();

  launcher.kill("SIGKILL");

  await nobodyIsLeft(id);
});

test("a guard that was killed is replaced, and the new one knows the same processes", async () => {
  const { id, launcher } = await smallWorld();
  const first = guardOf(id);
  process.kill(first ?? 0, "SIGKILL");
  await expect.poll(() => guardOf(id), { timeout: 5_000 }).not.toBe(first);
  await expect.poll(() => guardOf(id), { timeout: 5_000 }).toBeGreaterThan(0);

  launcher.kill("SIGKILL");

  await nobodyIsLeft(id);
});

test("a service that dies by itself is reported with the end of its log and started again", async () => {
  const { id, launcher, said } = await smallWorld();
  const service = everyProcessOf(id).find((pid) => describeProcess(pid)?.parent === launcher.pid);

  process.kill(service ?? 0, "SIGKILL");

  expect((await said.next()).value).toMatch(/Sleeper ended by itself \(signal SIGKILL\)/);
  expect((await said.next()).value).toBe("serving");
  expect((await said.next()).value).toBe("Sleeper is back");
  launcher.kill("SIGKILL");
  await once(launcher, "exit");
  await nobodyIsLeft(id);
});
