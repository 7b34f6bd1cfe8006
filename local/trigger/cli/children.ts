import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { startGuard } from "../../machine/guard";
import { WORLD_VARIABLE } from "../../machine/processes.mjs";

export type Child = {
  /** Resolves when the process is gone, with how it ended. */
  exited: Promise<string>;
  send: (message: string) => void;
  onMessage: (listener: (message: unknown) => void) => void;
  stop: () => Promise<void>;
};

export type Children = {
  /** Starts one of this package's programs; `say` is told each line it prints, with `name` in front. */
  start: (name: string, script: string, args: string[], env: Record<string, string>, say: Say) => Child;
  /** Has a process that was started elsewhere end with the others. */
  adopt: (pid: number, signal: NodeJS.Signals) => void;
  /** Ends whatever is left. */
  close: () => Promise<void>;
};

type Say = (line: string) => void;

const typescript = new URL("../bin/typescript.mjs", import.meta.url).href;
const packageDir = fileURLToPath(new URL("../..", import.meta.url));
const stopMaxMs = 5_000;

/** The processes of one `trigger-local`: none of them outlives this one, however it ends. */
export function openChildren(): Children {
  const world = randomBytes(8).toString("hex");
  const guard = startGuard(world);
  return {
    start: (name, script, args, env, say) => {
      const child = spawn(process.execPath, ["--import", typescript, fileURLToPath(script), ...args], {
        cwd: packageDir,
        env: { ...process.env, NODE_ENV: "development", ...env, [WORLD_VARIABLE]: world },
        // Ctrl-C is for this process only, which ends the others in their order.
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      for (const stream of [child.stdout, child.stderr]) tellLines(stream, (line) => say(`${name} │ ${line}`));
      const { pid } = child;
      if (pid) guard.watch(pid, "SIGTERM");
      const exited = new Promise<string>((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("close", (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
      });
      void exited.then(() => pid && guard.forget(pid));
      return {
        exited,
        send: (message) => void (child.connected && child.send(message, () => undefined)),
        onMessage: (listener) => void child.on("message", listener),
        stop: () => stop(child, exited),
      };
    },
    adopt: (pid, signal) => guard.watch(pid, signal),
    close: () => guard.close(),
  };
}

function tellLines(stream: NodeJS.ReadableStream | null, tell: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(line);
  });
  stream?.on("end", () => rest && tell(rest));
}

async function stop(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), stopMaxMs);
  await exited;
  clearTimeout(impatience);
}
