import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { Killer } from "@/chaos/killer";
import type { Program } from "@/chaos/program";
import { runProcessTitle } from "@/local/trigger/worker/processes/messages";

test.runIf(process.platform === "linux")("the killer finds a run process that is at work, too", async () => {
  const work = `process.title = "${runProcessTitle}"; process.stdout.write("at work"); setInterval(() => {}, 1000)`;
  const host = spawn(process.execPath, [
    "-e",
    `const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(work)}]);
     child.stdout.once("data", () => process.stdout.write(String(child.pid)));
     child.once("exit", (_, signal) => process.exit(signal === "SIGKILL" ? 0 : 1));`,
  ]);
  onTestFinished(() => void host.kill("SIGKILL"));
  const [printed] = await once(host.stdout, "data");
  const killer = new Killer<"run process" | "host">({ host: [] }, [{ pid: host.pid } as Program]);
  const kill = { index: 0, process: 3, afterSteps: 0, atMostMs: 0, mayBeStarting: false, downMs: 0 };

  expect(await killer.kill({ ...kill, kind: "run process" })).toBe("run process");

  expect([...killer.killedRunProcesses]).toEqual([Number(printed)]);
  expect((await once(host, "exit"))[0]).toBe(0);
});
