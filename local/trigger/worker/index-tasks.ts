import { fork } from "node:child_process";
import type { Bundle } from "./build/bundle";
import type { TaskIndex } from "./processes/index-process";

const indexMaxMs = 60_000;

/** Loads the bundle once, in a process of its own, to learn which tasks and queues are in it. */
export async function indexTasks(
  bundle: Bundle,
  options: { projectDir: string; env: Record<string, string | undefined>; say: (line: string) => void },
): Promise<TaskIndex> {
  const child = fork(bundle.indexProcess, [], {
    cwd: options.projectDir,
    env: options.env as NodeJS.ProcessEnv,
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-8_000);
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), indexMaxMs);
  const index = await new Promise<TaskIndex>((resolve, reject) => {
    child.once("message", (message) => resolve(message as TaskIndex));
    child.once("error", reject);
    child.once("close", (code, signal) =>
      reject(new Error(`The tasks could not be loaded (${signal ?? `exit code ${code}`}).\n${printed}`)),
    );
  }).finally(() => clearTimeout(timer));
  const [collision] = index.collisions;
  if (collision) throw new Error(`Two tasks have the same id: ${JSON.stringify(collision)}. Give one of them another.`);
  for (const { file, message } of index.failures)
    options.say(`${file} could not be loaded, its tasks are missing: ${message}`);
  return index;
}
