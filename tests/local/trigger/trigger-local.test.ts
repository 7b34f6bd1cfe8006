import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { describeProcess, pids } from "@/local/machine/processes.mjs";
import { emptyDatabase } from "@/tests/support/database";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { command, helloTask, newcomersProject, startDev, triggerLocal } from "./newcomer";

vi.setConfig({ testTimeout: 120_000 });

/** Every process whose command line names the folder, or that runs in it. */
function processesOf(folder: string): string[] {
  return pids().flatMap((pid) => {
    const command = describeProcess(pid)?.command ?? "";
    return command.includes(folder) ? [`${pid} ${command}`] : [];
  });
}

const greet = (folder: string, name = "Ada") => {
  const { stdout, stderr } = triggerLocal(folder, ["trigger", "hello", JSON.stringify({ name })]);
  expect(stdout, stderr).not.toBe("");
  return (JSON.parse(stdout) as { greeting: string }).greeting;
};

test("one command serves a newcomer's project; another runs its task; the keys are the owner's alone", async () => {
  const { folder } = await newcomersProject();
  const dev = await startDev(folder);
  await dev.says(/Tasks +hello/);

  const greeting = greet(folder);
  const printed = triggerLocal(folder, ["env"]).stdout;

  expect(greeting).toBe("Hello, Ada!");
  expect(printed).toMatch(new RegExp(`^TRIGGER_API_URL=${dev.url}\nTRIGGER_SECRET_KEY=tr_dev_[0-9a-f]{40}\n$`));
  expect(statSync(join(folder, ".trigger/local-state/keys.json")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, ".trigger/local-state/.gitignore"), "utf8")).toBe("*\n");
});

test("a change gets all new runs, a run at work ends as it began, and code that cannot be built changes nothing", async () => {
  const { folder, write } = await newcomersProject();
  await write(helloTask("Slow hello", 6));
  const dev = await startDev(folder);
  await dev.says(/Tasks +hello/);

  const running = spawn(process.execPath, [command, ...["trigger", "hello", '{"name":"Grace"}', "--project", folder]]);
  const answer = text(running.stdout);
  await expect.poll(() => running.stderr.read()?.toString() ?? "", { timeout: 30_000 }).toContain("EXECUTING");
  await write(helloTask("Goodbye"));
  await dev.says(/takes all new runs: hello/);
  const fromNew = greet(folder);
  await write("this is no code");
  await dev.says(/could not be built. Version [\d.]+ keeps running/);
  const afterMistake = greet(folder);

  expect(fromNew).toBe("Goodbye, Ada!");
  expect(afterMistake).toBe("Goodbye, Ada!");
  expect(JSON.parse(await answer)).toEqual({ greeting: "Slow hello, Grace!" });
});

test.runIf(process.platform === "linux")(
  "kill -9 leaves no process behind, and the next start has the same keys",
  async () => {
    const { folder } = await newcomersProject();
    const first = await startDev(folder);
    await first.says(/Tasks +hello/);
    const { secretKey } = JSON.parse(readFileSync(join(folder, ".trigger/local-state/keys.json"), "utf8"));

    first.kill();
    await first.exited;

    await expect.poll(() => processesOf(folder), { timeout: 15_000 }).toEqual([]);
    const second = await startDev(folder);
    expect(await second.says(/TRIGGER_SECRET_KEY=\w+/)).toBe(`TRIGGER_SECRET_KEY=${secretKey}`);
  },
);

test("a database that holds another project's runs is refused by name", async () => {
  const { folder } = await newcomersProject();
  const database = await emptyDatabase();
  const first = await startDev(folder, ["--no-worker", "--database-url", database.url, "--project-ref", "proj_other"]);
  expect(await first.says(/npx trigger\.dev@.* dev/)).toContain("trigger.dev@4.8.3 dev");
  first.kill();
  await first.exited;

  const second = await startDev(folder, ["--no-worker", "--database-url", database.url]);

  await second.says(/holds the runs of project proj_other, not of proj_newcomer/);
});

test.each([
  [["dev"], { NODE_ENV: "production" }, "does not start with NODE_ENV=production"],
  [["deploy"], {}, 'There is no command "deploy"'],
  [["dev", "--prot", "1"], {}, "trigger-local dev --help"],
  [["dev", "--port", "70000"], {}, "a port is a whole number from 1 to 65535"],
  [["dev"], {}, "There is no trigger.config.ts in"],
  [["trigger", "hello"], {}, "No server runs on"],
])("trigger-local %s with %o ends with a sentence", async (args, env, sentence) => {
  const { status, stderr } = triggerLocal(await temporaryFolder(), args, env);

  expect(stderr).toContain(sentence);
  expect(status).toBe(1);
});
