import { configure, runs, tasks } from "@trigger.dev/sdk";
import pg from "pg";
import type { Connection } from "./state";

const pollMs = 250;

/**
 * Runs one task and prints what it returned, as JSON, on standard output. How it goes is told on standard error.
 * Rejects with a sentence when the run fails or cannot be started.
 */
export async function runTask(server: Connection, task: string, payload: unknown): Promise<void> {
  configure({ baseURL: server.apiUrl, accessToken: server.secretKey });
  if (server.databaseUrl) await requireTask(task, server.databaseUrl);
  const { id } = await tasks.trigger(task, payload);
  const run = await follow(id);
  if (run.isSuccess) return void process.stdout.write(`${JSON.stringify(run.output ?? null, null, 2)}\n`);
  throw new Error(`Run ${id} ended as ${run.status}: ${run.error?.message ?? "no reason was given"}`);
}

export function parsePayload(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The payload is not JSON (${reason}): ${json}`, { cause });
  }
}

/** The platform keeps a run of a task nobody has and waits; a person who mistyped wants to know now. */
async function requireTask(task: string, databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client
    .query<{ task_id: string }>(
      `select task_id from trigger_local.worker_task
        where worker_id = (select id from trigger_local.worker order by seq desc limit 1) order by task_id`,
    )
    .finally(() => client.end());
  const known = rows.map((row) => row.task_id);
  if (known.includes(task)) return;
  if (known.length === 0) throw new Error("The worker has not reported its tasks yet. Try again in a moment.");
  throw new Error(`There is no task "${task}". There are: ${known.join(", ")}`);
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
    await new Promise((done) => setTimeout(done, pollMs));
  }
}
