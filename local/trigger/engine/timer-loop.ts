import type { Tx } from "../db/database";
import { pause, watch } from "../db/listener";
import { notifyQueue } from "../db/notify";
import { cancelLocked } from "./cancel-run";
import type { Server } from "./context";
import { completeDueWaitpoint } from "./due-waitpoint";
import { enqueueDelayed, expireRun } from "./expire-run";
import { fireSchedule } from "./fire-schedule";
import { postponeStalls } from "./presence";
import { lockRun } from "./run";
import { endSession } from "./sessions";
import { resumeReadyRuns } from "./slots";
import { stallRun } from "./stalled-run";
import type { TimerKind } from "./timers";

type Handler = (tx: Tx, subject: string, server: Server, dueAt: Date) => Promise<void>;

const handlers: Record<TimerKind, Handler> = {
  delay: enqueueDelayed,
  ttl: expireRun,
  waitpoint: completeDueWaitpoint,
  retry: async (tx) => notifyQueue(tx),
  stalled: (tx, runId) => stallRun(tx, runId),
  session: endSession,
  cancel: async (tx, runId) => {
    const run = await lockRun(tx, runId);
    if (run) await cancelLocked(tx, run);
  },
  schedule: (tx, id, server, dueAt) => fireSchedule(tx, server, id, dueAt),
};

/** A thousand delayed runs may be due at once; each timer is a transaction that waits for the disk. */
const lanes = 3;

/** Fires due timers until the server closes. Several servers share the work: a timer's row lock decides who fires it. */
export function startTimerLoop(server: Server): { done: Promise<void> } {
  const events = watch(server.listener, ["timer", "queue"]);
  const loop = async () => {
    let wasAway = true;
    while (!server.closing.aborted) {
      try {
        if (wasAway) await postponeStalls(server);
        wasAway = false;
        await Promise.all(Array.from({ length: lanes }, () => fireDue(server)));
        await resumeReadyRuns(server);
        await events.wait(await nextPauseMs(server), server.closing);
      } catch (error) {
        if (server.closing.aborted) break;
        console.error(
          `trigger-local: timers pause for a second: ${error instanceof Error ? error.message : String(error)}`,
        );
        wasAway = true;
        await pause(1_000, server.closing);
      }
    }
    events.close();
  };
  return { done: loop() };
}

async function nextPauseMs({ db, settings }: Server): Promise<number> {
  const [next] = await db.query<{ pause: number | null }>(
    "select extract(epoch from min(due_at) - clock_timestamp())::float8 * 1000 as pause from timer",
  );
  return Math.min(settings.pollMs, Math.max(1, Math.ceil(next?.pause ?? settings.pollMs)));
}

async function fireDue(server: Server): Promise<void> {
  while (!server.closing.aborted && (await fireOne(server)));
}

async function fireOne(server: Server): Promise<boolean> {
  return server.db.transaction(async (tx) => {
    const [timer] = await tx.query<{ kind: TimerKind; subject: string; due_at: Date }>(
      `delete from timer where (kind, subject) in
         (select kind, subject from timer where due_at <= now() order by due_at limit 1 for update skip locked)
       returning *`,
    );
    if (!timer) return false;
    await handlers[timer.kind](tx, timer.subject, server, timer.due_at);
    return true;
  });
}
