import type { Tx } from "../db/database";
import { notifyQueue } from "../db/notify";
import { finishRun } from "./finish-run";
import { expiryOf } from "./insert-runs";
import { lockRun } from "./run";
import { transition } from "./snapshots";
import { setTimer } from "./timers";

/** The ttl is over. It only counts until the first attempt. */
export async function expireRun(tx: Tx, runId: string): Promise<void> {
  const run = await lockRun(tx, runId);
  if (run?.execution_status !== "QUEUED" || run.attempt_number > 0) return;
  await finishRun(tx, run, {
    description: "Run was expired because the TTL was reached",
    changes: {
      status: "EXPIRED",
      expired_at: new Date(),
      error: { type: "STRING_ERROR", raw: `Run expired because the TTL (${run.ttl}) was reached` },
    },
  });
}

/** The delay is over: the run joins its queue, and its ttl begins. */
export async function enqueueDelayed(tx: Tx, runId: string): Promise<void> {
  const run = await lockRun(tx, runId);
  if (run?.execution_status !== "DELAYED") return;
  const now = new Date();
  await transition(tx, run, {
    to: "QUEUED",
    description: "Delayed run was queued",
    changes: { status: "PENDING", queued_at: now, available_at: now },
  });
  const expiresAt = expiryOf(run, now);
  if (expiresAt) await setTimer(tx, "ttl", runId, expiresAt);
  notifyQueue(tx);
}
