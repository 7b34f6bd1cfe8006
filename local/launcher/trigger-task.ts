import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import { databaseUrl } from "../postgres/databases";
import { OptionError } from "./options";
import { lockHolder, statePaths } from "./state";

const usage = `npm run trigger -- <task> '<payload as JSON>' [--state <folder>]
For example: npm run trigger -- hello-world '{"name":"Ada"}'`;

const POLL_MS = 250;

/**
 * `npm run trigger`: runs one task of the running shop and prints what it returned, as JSON, on standard output. How it
 * goes is told on standard error. The exit code is 1 when the run failed or could not be started.
 */
export async function triggerTask(projectDir: string, args: string[]): Promise<void> {
  try {
    const { task, payload, stateDir } = readArguments(projectDir, args);
    await connect(stateDir);
    await requireTask(task, stateDir);
    const { id } = await tasks.trigger(task, payload);
    const run = await follow(id);
    if (run.isSuccess) return void process.stdout.write(`${JSON.stringify(run.output ?? null, null, 2)}\n`);
    throw new OptionError(`Run ${id} ended as ${run.status}: ${run.error?.message ?? "no reason was given"}`);
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
  return { task, payload: json === undefined ? undefined : parsePayload(json), stateDir };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { state: { type: "string" } } });
  } catch (cause) {
    throw new OptionError(`${cause instanceof Error ? cause.message : cause}\n${usage}`, { cause });
  }
}

function parsePayload(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(`The payload is not JSON (${reason}): ${json}\n${usage}`, { cause });
  }
}

async function settingsOf(stateDir: string): Promise<Record<string, string | undefined>> {
  if (!(await lockHolder(stateDir)))
    throw new OptionError(
      `No shop is running on ${stateDir}. Start one with \`npm run demo\`, or name another one's folder with --state.`,
    );
  const text = await readFile(statePaths(stateDir).env, "utf8").catch(() => "");
  return parseEnv(text);
}

async function connect(stateDir: string): Promise<void> {
  const settings = await settingsOf(stateDir);
  configure({ baseURL: settings.TRIGGER_API_URL, accessToken: settings.TRIGGER_SECRET_KEY });
}

/** The platform keeps a run of a task nobody has and waits; a person who mistyped wants to know now. */
async function requireTask(task: string, stateDir: string): Promise<void> {
  const { DATABASE_URL = "" } = await settingsOf(stateDir);
  const client = new pg.Client({ connectionString: databaseUrl(DATABASE_URL, "trigger") });
  await client.connect();
  const { rows } = await client
    .query<{ task_id: string }>(
      `select task_id from trigger_local.worker_task
        where worker_id = (select id from trigger_local.worker order by seq desc limit 1) order by task_id`,
    )
    .finally(() => client.end());
  const known = rows.map((row) => row.task_id);
  if (known.includes(task)) return;
  if (known.length === 0) throw new OptionError("The worker has not reported its tasks yet. Try again in a moment.");
  throw new OptionError(`There is no task "${task}". There are: ${known.join(", ")}`);
}

async function follow(id: string) {
  let seen = "";
  for (;;) {
    const run = await runs.retrieve(id);
    if (run.status !== seen) process.stderr.write(`${id}  ${run.status}\n`);
    seen = run.status;
    if (run.isCompleted) {
      process.stderr.write(`${id}  took ${(run.durationMs / 1000).toFixed(1)} s\n`);
      return run;
    }
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}
