import type { Sources } from "../worker/build/bundle";
import type { Child, Children } from "./children";
import { flagsOf, type WorkerOptions } from "./options";
import type { Connection } from "./state";
import { watchSources } from "./watch";

export type FollowOptions = WorkerOptions & {
  children: Children;
  connection: Connection;
  projectRef: string;
  projectDir: string;
};

type Ready = { version: string; tasks: string[]; sources: Sources };
type Running = Ready & { child: Child };

const script = new URL("../worker/main.ts", import.meta.url).href;
const restartPauseMs = 1_000;

/**
 * Keeps a worker with the newest version of the project's tasks. One that replaces another gets all new runs; the other
 * goes when its runs are over. Code that cannot be built is reported, and what ran before goes on.
 */
export function followProject(
  options: FollowOptions,
  say: (line: string) => void,
  onFirst: (tasks: string[]) => void,
): { stop: () => Promise<void> } {
  const all = new Set<Child>();
  let current: Running | undefined;
  let isStopping = false;
  let isWanted = false;
  let isBusy = false;

  const watcher = watchSources(options.projectDir, () => void renew());
  void renew();
  return {
    stop: async () => {
      isStopping = true;
      watcher.close();
      await Promise.all([...all].map((child) => child.stop()));
    },
  };

  async function renew(): Promise<void> {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted && !isStopping) {
      isWanted = false;
      await replace();
    }
    isBusy = false;
  }

  async function replace(): Promise<void> {
    const child = start(options, say);
    all.add(child);
    void child.exited.then((how) => ended(child, how));
    const ready = await readyOf(child);
    if (isStopping) return;
    if (!ready) {
      const kept = current ? `Version ${current.version} keeps running.` : "There is no worker yet.";
      return say(`The tasks could not be built. ${kept} Waiting for a change …`);
    }
    watcher.update(ready.sources);
    const previous = current;
    current = { ...ready, child };
    if (!previous) return onFirst(ready.tasks);
    previous.child.send("retire");
    say(`Version ${ready.version} takes all new runs: ${ready.tasks.join(", ")}`);
  }

  function ended(child: Child, how: string): void {
    all.delete(child);
    if (child !== current?.child || isStopping) return;
    say(`The worker ended by itself (${how}); starting it again.`);
    setTimeout(() => void renew(), restartPauseMs);
  }
}

function start(options: FollowOptions, say: (line: string) => void): Child {
  const { children, connection, projectRef, projectDir, slots, warm, envFile } = options;
  const args = flagsOf({ project: projectDir, "project-ref": projectRef, slots, warm, "env-file": envFile });
  const env = { TRIGGER_API_URL: connection.apiUrl, TRIGGER_SECRET_KEY: connection.secretKey };
  return children.start("worker", script, args, env, say);
}

/** What a worker says of itself when runs can come; undefined when it ends instead. */
function readyOf(child: Child): Promise<Ready | undefined> {
  return new Promise((resolve) => {
    child.onMessage((message) => resolve(message as Ready));
    void child.exited.then(() => resolve(undefined));
  });
}
