import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { forgetState, loadSecrets, lockState, statePaths } from "@/local/launcher/state";
import { temporaryFolder } from "@/tests/support/temporary-folder";

test("a state that another process uses is refused with its number, and free again when that process is gone", async () => {
  const state = await temporaryFolder();
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void other.kill("SIGKILL"));
  await writeFile(statePaths(state).lock, `${other.pid}\n`);
  await expect(lockState(state)).rejects.toThrow(`Process ${other.pid} is already running a shop on ${state}`);

  const gone = new Promise((resolve) => other.once("exit", resolve));
  other.kill("SIGKILL");
  await gone;

  const release = await lockState(state);
  expect(await readFile(statePaths(state).lock, "utf8")).toBe(`${process.pid}\n`);
  await release();
  expect(existsSync(statePaths(state).lock)).toBe(false);
});

test("keys are made once per state and are of the local form", async () => {
  const state = await temporaryFolder();

  const first = await loadSecrets(state);
  const again = await loadSecrets(state);
  const other = await loadSecrets(await temporaryFolder());

  expect(again).toEqual(first);
  expect(other.stripeKey).not.toBe(first.stripeKey);
  expect(first.stripeKey).toMatch(/^sk_test_local_/);
  expect(first.resendKey).toMatch(/^re_local_/);
  expect(first.s3KeyId).toMatch(/^LOCAL/);
  expect(first.triggerKey).toMatch(/^tr_dev_/);
});

test("a state of an earlier version gets the keys that came since, and keeps those it has", async () => {
  const state = await temporaryFolder();
  const { carrierKey: _, ...earlier } = await loadSecrets(state);
  await writeFile(statePaths(state).secrets, JSON.stringify(earlier));

  const now = await loadSecrets(state);

  expect(now).toEqual({ ...earlier, carrierKey: expect.stringMatching(/^carrier_local_/) });
  expect(await loadSecrets(state)).toEqual(now);
});

test("starting over forgets everything but the lock", async () => {
  const state = await temporaryFolder();
  const release = await lockState(state);
  onTestFinished(release);
  await loadSecrets(state);
  await writeFile(join(state, "anything"), "");

  await forgetState(state);

  expect(existsSync(statePaths(state).secrets)).toBe(false);
  expect(existsSync(join(state, "anything"))).toBe(false);
  expect(existsSync(statePaths(state).lock)).toBe(true);
});
