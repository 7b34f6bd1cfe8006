import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { databaseUrl } from "../postgres/databases";
import { parsePayload, runTask } from "../trigger/cli/run-task";
import { OptionError } from "./options";
import { lockHolder, statePaths } from "./state";

const usage = `npm run trigger -- <task> '<payload as JSON>' [--state <folder>]
For example: npm run trigger -- hello-world '{"name":"Ada"}'`;

/**
 * `npm run trigger`: runs one task of the running shop and prints what it returned, as JSON, on standard output. How it
 * goes is told on standard error. The exit code is 1 when the run failed or could not be started.
 */
export async function triggerTask(projectDir: string, args: string[]): Promise<void> {
  try {
    const { task, payload, stateDir } = readArguments(projectDir, args);
    await runTask(await serverOf(stateDir), task, payload);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function readArguments(projectDir: string, args: string[]) {
  const { values, positionals } = parse(args);
  const [task, json, ...rest] = positionals;
  if (!task || rest.length > 0) throw new OptionError(usage);
  const stateDir = resolve(projectDir, values.state ?? process.env.SHOPFLOOR_STATE ?? ".local/world");
  return { task, payload: parsePayload(json), stateDir };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { state: { type: "string" } } });
  } catch (cause) {
    throw new OptionError(`${cause instanceof Error ? cause.message : cause}\n${usage}`, { cause });
  }
}

async function serverOf(stateDir: string) {
  if (!(await lockHolder(stateDir)))
    throw new OptionError(
      `No shop is running on ${stateDir}. Start one with \`npm run demo\`, or name another one's folder with --state.`,
    );
  const settings = parseEnv(await readFile(statePaths(stateDir).env, "utf8").catch(() => ""));
  const { TRIGGER_API_URL: apiUrl = "", TRIGGER_SECRET_KEY: secretKey = "", DATABASE_URL = "" } = settings;
  return { apiUrl, secretKey, databaseUrl: databaseUrl(DATABASE_URL, "trigger") };
}
