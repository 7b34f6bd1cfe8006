import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { freePort } from "@/local/machine/ports";
import { temporaryFolder } from "@/tests/support/temporary-folder";

export const command = join(process.cwd(), "local/trigger/bin/trigger-local.mjs");
const waitMs = 60_000;

/** Nothing of whoever runs the tests, and no npm above it that could vanish. */
const environment = (folder: string) => ({ PATH: process.env.PATH, HOME: folder, NODE_ENV: "development" as const });

export const helloTask = (word: string, waitSeconds = 0) => `
import { task } from "@trigger.dev/sdk";
export const hello = task({
  id: "hello",
  run: async ({ name }: { name: string }) => {
    await new Promise((resolve) => setTimeout(resolve, ${waitSeconds * 1_000}));
    return { greeting: \`${word}, \${name}!\` };
  },
});`;

/** A folder as a newcomer has it: a configuration, one task, packages. */
export async function newcomersProject(): Promise<{ folder: string; write: (task: string) => Promise<void> }> {
  const folder = await temporaryFolder();
  const write = (task: string) => writeFile(join(folder, "trigger", "hello.ts"), task);
  await mkdir(join(folder, "trigger"));
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"), "junction");
  await writeFile(join(folder, "package.json"), '{"name":"newcomer","type":"module"}');
  await writeFile(
    join(folder, "trigger.config.ts"),
    'import { defineConfig } from "@trigger.dev/sdk";\nexport default defineConfig({ project: "proj_newcomer", dirs: ["./trigger"], maxDuration: 60 });\n',
  );
  await write(helloTask("Hello"));
  return { folder, write };
}

/** `trigger-local dev` in a folder, ended with the test. */
export async function startDev(folder: string, args: string[] = []) {
  const port = await freePort();
  const child = spawn(process.execPath, [command, "dev", "--port", String(port), ...args], {
    cwd: folder,
    env: environment(folder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      said += `${line}\n`;
    });
  }
  /** Waits until it has said something, since it was last asked. */
  let heard = 0;
  const says = async (pattern: RegExp) => {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const found = pattern.exec(said.slice(heard));
      if (found) {
        heard += found.index + found[0].length;
        return found[0];
      }
      if (Date.now() > deadline || child.exitCode !== null) throw new Error(`It never said ${pattern}:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return { url: `http://127.0.0.1:${port}`, says, kill: () => child.kill("SIGKILL"), exited };
}

/** Runs one of the other commands to its end. */
export function triggerLocal(folder: string, args: string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    env: { ...environment(folder), ...env },
    encoding: "utf8",
  });
}
