import { isUnreachable, type Tx } from "../db/database";
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
const setAsideMs = 30_000;

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

type Fired = { kind: TimerKind; subject: string; due_at: Date };

async function fireOne(server: Server): Promise<boolean> {
  let fired: Fired | undefined;
  try {
    return await server.db.transaction(async (tx) => {
      [fired] = await tx.query<Fired>(
        `delete from timer where (kind, subject) in
           (select kind, subject from timer where due_at <= now() order by due_at limit 1 for update skip locked)
         returning *`,
      );
      if (fired) await handlers[fired.kind](tx, fired.subject, server, fired.due_at);
      return fired !== undefined;
    });
  } catch (error) {
    if (!fired || isUnreachable(error)) throw error;
    await setAside(server, fired, error);
    return true;
  }
}

/** One that can not be fired must not keep all others from it. It is tried again later. */
async function setAside({ db }: Server, { kind, subject }: Fired, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  console.error(`trigger-local: the timer ${kind} of ${subject} failed, again in ${setAsideMs / 1_000} s: ${why}`);
  await db.query(
    `update timer set due_at = clock_timestamp() + $3 * interval '1 millisecond' where kind = $1 and subject = $2`,
    [kind, subject, setAsideMs],
  );
}
