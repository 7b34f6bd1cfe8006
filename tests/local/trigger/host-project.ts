import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runs } from "@trigger.dev/sdk";
import { startWorkerHost, type WorkerHost, type WorkerHostOptions } from "@/local/trigger/worker/host";
import { secretKey } from "./server";

export type HostProject = {
  dir: string;
  /** What the hosts and the code of their runs have printed. */
  lines: string[];
  start: (url: string, options?: Partial<WorkerHostOptions>) => Promise<WorkerHost>;
  /** The lines a run has left. */
  recordsOf: (runId: string) => string[];
  remove: () => Promise<void>;
};

/** A project in a folder of its own: the fixture, or only the files given. */
export async function hostProject(files?: Record<string, string>): Promise<HostProject> {
  const dir = await mkdtemp(join(tmpdir(), "shopfloor-host-"));
  const records = join(dir, "records");
  await mkdir(records);
  if (!files) await cp(join(import.meta.dirname, "fixtures/host-project"), dir, { recursive: true });
  await symlink(join(process.cwd(), "node_modules"), join(dir, "node_modules"), "junction");
  for (const [name, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const lines: string[] = [];
  return {
    dir,
    lines,
    start: (url, options = {}) =>
      startWorkerHost({
        projectDir: dir,
        apiUrl: url,
        secretKey,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, RECORDS: records },
        say: (line) => lines.push(line),
        ...options,
      }),
    recordsOf: (runId) => {
      const file = join(records, runId);
      return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Asks again until there is an answer; a process that has to start takes its time on a busy machine. */
export async function eventually<Value>(
  what: string,
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited 45 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function ended({ id }: { id: string }) {
  return eventually(`the end of ${id}`, async () => {
    const run = await runs.retrieve(id);
    return run.isCompleted && run;
  });
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
