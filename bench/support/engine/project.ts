import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const projectRef = "proj_benchengine";

const config = `import { defineConfig } from "@trigger.dev/sdk";
export default defineConfig({
  project: "${projectRef}",
  dirs: ["./tasks"],
  maxDuration: 300,
  retries: { enabledInDev: true, default: { maxAttempts: 1 } },
});
`;

const tasks = `import { task } from "@trigger.dev/sdk";

const now = () => performance.timeOrigin + performance.now();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const noop = task({ id: "noop", run: async () => {} });
export const stamp = task({ id: "stamp", run: async () => now() });
export const pause = task({ id: "pause", run: async ({ ms }: { ms: number }) => sleep(ms) });
export const twice = task({
  id: "twice",
  retry: { maxAttempts: 2 },
  run: async ({ ms }: { ms: number }, { ctx }) => {
    if (ctx.attempt.number === 1) await sleep(ms);
    return now();
  },
});
export const roundTrips = task({
  id: "round-trips",
  run: async ({ count }: { count: number }) => {
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const begun = now();
      await noop.triggerAndWait();
      times.push(now() - begun);
    }
    return times;
  },
});
`;

/** A project with the tasks that are measured. It lies in this one, whose packages it uses. */
export async function writeProject(): Promise<{ folder: string; remove: () => Promise<void> }> {
  await mkdir(".local", { recursive: true });
  const folder = await mkdtemp(join(process.cwd(), ".local", "bench-engine-"));
  await mkdir(join(folder, "tasks"));
  await writeFile(join(folder, "trigger.config.ts"), config);
  await writeFile(join(folder, "tasks", "tasks.ts"), tasks);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
