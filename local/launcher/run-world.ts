import { watchParents } from "../machine/parents";
import { findLiveKeys } from "./live-keys";
import { helpText, OptionError, readOptions } from "./options";
import { StateInUseError } from "./state";
import { createSteps } from "./steps";
import { tableOf } from "./table";
import { startWorld } from "./world";

/** `npm run demo` and `npm run dev`: starts a world, prints where it is, and runs until it is told to stop. */
export async function runWorld(mode: "demo" | "dev", projectDir: string, args: string[]): Promise<void> {
  let asked = false;
  try {
    const options = readOptions(args, process.env, projectDir);
    if (options.help) return void console.log(helpText(mode));
    const live = findLiveKeys(projectDir, process.env);
    if (live.length > 0) throw new OptionError(live.join("\n"));
    const steps = createSteps(options.json ? process.stderr : process.stdout);
    const world = await startWorld({ ...options, projectDir, mode, steps });
    onRequestToEnd((why) => {
      // A second request does not wait: the guard ends what is left.
      if (asked) process.exit(1);
      asked = true;
      steps.say(`${why}: stopping …`);
      void world.stop().then(() => {
        steps.say("Stopped.");
        process.exit(0);
      });
    });
    const summary = await world.started;
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else process.stdout.write(`\n${tableOf(summary, options.stateDir)}\n`);
  } catch (error) {
    // What was told to stop cannot have started: nothing to report.
    if (asked) return;
    const expected = error instanceof OptionError || error instanceof StateInUseError;
    const text = error instanceof Error && !expected && process.env.SHOPFLOOR_DEBUG ? error.stack : messageOf(error);
    process.stderr.write(`\n${text}\n`);
    process.exit(1);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ctrl-C, SIGTERM, a closed terminal, or npm being gone. */
function onRequestToEnd(end: (why: string) => void): void {
  process.on("SIGINT", () => end("Ctrl-C"));
  process.on("SIGTERM", () => end("Asked to end"));
  process.on("SIGHUP", () => end("The terminal closed"));
  watchParents(() => end("npm is gone"));
  // Nobody may be left to read, but stopping must go on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
