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
/** Under load somebody says something all the time; looking this often is enough. */
const restMs = 5;

/** Fires due timers until the server closes. Several servers share the work: a timer's row lock decides who fires it. */
export function startTimerLoop(server: Server): { done: Promise<void> } {
  const events = watch(server.listener, ["timer", "queue"]);
  const loop = async () => {
    let wasAway = true;
    while (!server.closing.aborted) {
      try {
        if (wasAway) await postponeStalls(server);
        wasAway = false;
        const work = await findWork(server);
        const isDue = work.pauseMs <= 0;
        const fired = isDue ? await Promise.all(Array.from({ length: lanes }, () => fireDue(server))) : [];
        if (work.areReady) await resumeReadyRuns(server);
        // All that is due is locked: somebody else fires it, or is about to change it.
        if (isDue && !fired.includes(true)) await pause(restMs, server.closing);
        // What is ready may have to wait for a slot, and what fires may set the next timer: look again when told.
        if (!isDue && (await events.wait(Math.min(server.settings.pollMs, work.pauseMs), server.closing)))
          await pause(restMs, server.closing);
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

/** How long until the next timer is due, and whether a run whose wait is over needs a slot. */
async function findWork({ db, settings }: Server): Promise<{ pauseMs: number; areReady: boolean }> {
  const [found] = await db.prepared<{ pause: number | null; ready: boolean }>(
    `select extract(epoch from (select min(due_at) from timer) - clock_timestamp())::float8 * 1000 as pause,
       exists (select 1 from run where resume_ready_at is not null) as ready`,
  );
  return { pauseMs: Math.ceil(found?.pause ?? settings.pollMs), areReady: found?.ready ?? false };
}

/** Fires until nothing is left to this server; says whether anything was. */
async function fireDue(server: Server): Promise<boolean> {
  let hasFired = false;
  while (!server.closing.aborted && (await fireOne(server))) hasFired = true;
  return hasFired;
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
