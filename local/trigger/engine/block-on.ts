import type { Tx } from "../db/database";
import type { Server } from "./context";
import { keyLifeMs } from "./durations";
import { Refusal } from "./refusal";
import { lockRun, type Run } from "./run";
import { blockRun, createDateWaitpoint } from "./waitpoints";

/** A run waits for a token. If the token is complete already, the run goes on at once. */
export async function waitForToken(server: Server, runId: string, waitpointId: string): Promise<void> {
  await server.db.transaction(async (tx) => {
    const run = await requireRun(tx, runId);
    const [token] = await tx.query("select 1 from waitpoint where id = $1", [waitpointId]);
    if (!token) throw new Refusal(404, "Waitpoint not found");
    await blockRun(tx, run, [{ waitpointId }]);
  });
}

export type DurationWait = { date: Date; idempotencyKey?: string | undefined; idempotencyKeyTTL?: string | undefined };

/** A run waits for a date. With a key that was used before it waits for the date of the first use. */
export async function waitForDate(
  server: Server,
  runId: string,
  wait: DurationWait,
): Promise<{ waitpointId: string; waitUntil: Date }> {
  return server.db.transaction(async (tx) => {
    const run = await requireRun(tx, runId);
    const key = wait.idempotencyKey
      ? { key: wait.idempotencyKey, expiresAt: new Date(Date.now() + keyLifeMs(wait.idempotencyKeyTTL)) }
      : undefined;
    const { id } = await createDateWaitpoint(tx, wait.date, key);
    const [row] = await tx.query<{ completed_after: Date }>("select completed_after from waitpoint where id = $1", [
      id,
    ]);
    await blockRun(tx, run, [{ waitpointId: id }]);
    return { waitpointId: id, waitUntil: row?.completed_after ?? wait.date };
  });
}

async function requireRun(tx: Tx, runId: string): Promise<Run> {
  const run = await lockRun(tx, runId);
  if (!run) throw new Refusal(404, "Run not found");
  return run;
}
