import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configure, runs, tasks } from "@trigger.dev/sdk";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { textOf, Visitor } from "./browser";
import { accessToken, projectRef, secretKey, triggerServerForFile } from "./server";
import { until } from "./worker";

const server = triggerServerForFile({ dequeueHoldMs: 10_000 });

const taskSource = `
import { metadata, task, wait } from "@trigger.dev/sdk";
export const child = task({ id: "child", run: async (payload: { n: number }) => ({ doubled: payload.n * 2 }) });
export const parent = task({
  id: "parent",
  retry: { maxAttempts: 2, minTimeoutInMs: 100, factor: 1, randomize: false },
  run: async (payload: { n: number }, { ctx }) => {
    metadata.set("attempt", ctx.attempt.number);
    if (ctx.attempt.number === 1) throw new Error("not yet");
    const { doubled } = await child.triggerAndWait({ n: payload.n }).unwrap();
    const token = await wait.createToken({ timeout: "1m" });
    await wait.completeToken(token, { extra: 1 });
    const { extra } = await wait.forToken<{ extra: number }>(token).unwrap();
    return { total: doubled + extra };
  },
});
`;

/** A project of two tasks, with the official command line running in it, unmodified. */
async function startCli(): Promise<void> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "trigger"));
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"), "junction");
  await writeFile(join(folder, "package.json"), '{"name":"cli-test","type":"module"}');
  await writeFile(join(folder, "package-lock.json"), '{"name":"cli-test","lockfileVersion":3,"packages":{}}');
  await writeFile(join(folder, "trigger", "tasks.ts"), taskSource);
  await writeFile(
    join(folder, "trigger.config.ts"),
    `export default { project: "${projectRef}", runtime: "node", maxDuration: 60, dirs: ["./trigger"], processKeepAlive: true, retries: { enabledInDev: true } };`,
  );
  const shim = join(process.cwd(), "local/launcher/offline-shim.mjs");
  const cli = join(process.cwd(), "node_modules/trigger.dev/dist/esm/index.js");
  const flags = [
    "--skip-update-check",
    "--skip-telemetry",
    "--skip-platform-notifications",
    "--skip-mcp-install",
    "--skip-rules-install",
  ];
  const child = spawn(process.execPath, ["--import", shim, cli, "dev", ...flags], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "development",
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      TRIGGER_ACCESS_TOKEN: accessToken,
      TRIGGER_API_URL: server.url,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => stop(child));
  await ready(child);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const stubborn = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await exited;
  clearTimeout(stubborn);
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (data: Buffer) => {
      said += data.toString();
      if (said.includes("Local worker ready")) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`The command line ended with ${code}:\n${said}`)));
  });
}

test("the official command line registers, retries, runs a child, waits for a token, completes, and its trace is shown", async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  await startCli();

  const handle = await tasks.trigger("parent", { n: 20 });
  const seen: string[] = [];
  for await (const run of runs.subscribeToRun(handle.id)) seen.push(run.status);

  const run = await runs.retrieve(handle.id);
  expect(run).toMatchObject({ status: "COMPLETED", output: { total: 41 }, attemptCount: 2, metadata: { attempt: 2 } });
  expect(run.relatedRuns.children).toMatchObject([
    { taskIdentifier: "child", status: "COMPLETED", triggerFunction: "triggerAndWait" },
  ]);
  expect(seen.at(-1)).toBe("COMPLETED");
  const parts = [
    "Attempt 1 failed",
    "Error: not yet",
    "Attempt 2",
    "run()",
    "triggerAndWait() child",
    "wait.forToken()",
  ];
  // Spans are exported one by one, some after the run has ended.
  await until("the whole trace on the run's page", async () => {
    const text = textOf((await new Visitor(server).open(`/runs/${handle.id}`)).html);
    return ["wait.completeToken()", ...parts].every((part) => text.includes(part));
  });
}, 90_000);
