import { dev } from "./dev";
import { helpOf } from "./help";
import { readClientOptions, readDevOptions, readServerOptions, UsageError } from "./options";
import { connectionOf, environmentLines } from "./state";
import { triggerTask } from "./trigger-task";
import { work } from "./work";

const commands: Record<string, (args: string[]) => Promise<void>> = {
  dev: (args) => dev(readDevOptions(args)),
  server: (args) => dev(readServerOptions(args)),
  worker: work,
  trigger: triggerTask,
  env: async (args) => {
    const { stateDir } = readClientOptions("env", args);
    process.stdout.write(environmentLines(await connectionOf(stateDir)));
  },
};

/** `trigger-local COMMAND …`. Whatever goes wrong is said in a sentence, with exit code 1. */
export async function main(args: string[]): Promise<void> {
  const [name = "", ...rest] = args;
  const command = commands[name];
  if (!command || rest.includes("--help") || rest.includes("-h")) {
    const isAsked = command !== undefined || ["", "help", "--help", "-h"].includes(name);
    if (isAsked) return void console.log(helpOf(name));
    return fail(`There is no command "${name}".\n\n${helpOf("")}`);
  }
  if (process.env.NODE_ENV === "production") {
    return fail("trigger-local does not start with NODE_ENV=production: it is for development and tests.");
  }
  await command(rest).catch((error: unknown) => {
    if (error instanceof UsageError || !(error instanceof Error))
      return fail(String((error as Error).message ?? error));
    return fail(process.env.TRIGGER_LOCAL_DEBUG ? (error.stack ?? error.message) : error.message);
  });
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
