import type { Tx } from "../db/database";
import { notifyTimer, notifyWorker } from "../db/notify";
import type { Server } from "./context";
import { requeueRun } from "./requeue-run";
import { lockRun } from "./run";
import { setTimer } from "./timers";

/** What a host says it works on; ids without their prefix. */
export type HeldAttempt = { id: string; attempt: number };

const activeStatuses = "('EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL')";

/**
 * Opens a session or takes it up again. Both sides compare what they know: runs the host must stop are `lost`; runs
 * that never reached the host go back to their queue, as if that attempt had not been.
 */
export async function openSession(
  server: Server,
  hello: { session: string; workerId: string; isNew: boolean; runs: HeldAttempt[] },
): Promise<{ isKnown: boolean; lost: string[] }> {
  const held = await server.db.transaction(async (tx) => {
    if (hello.isNew)
      await tx.query("insert into session (id, worker_id) values ($1, $2) on conflict do nothing", [
        hello.session,
        hello.workerId,
      ]);
    const [session] = await tx.query("select 1 from session where id = $1 for update", [hello.session]);
    if (!session) return undefined;
    await setTimer(tx, "session", hello.session, leaseEnd(server));
    await tx.query("update worker set seen_at = now() where id = $1", [hello.workerId]);
    return tx.query<HeldAttempt>(
      `select id, attempt_number as attempt from run where session_id = $1 and execution_status in ${activeStatuses}`,
      [hello.session],
    );
  });
  const ours = new Map((held ?? []).map((run) => [run.id, run.attempt]));
  const theirs = new Set(hello.runs.map((run) => run.id));
  const lost = hello.runs.filter((run) => ours.get(run.id) !== run.attempt).map((run) => run.id);
  await giveBack(
    server,
    hello.session,
    (held ?? []).filter((run) => !theirs.has(run.id)),
  );
  return { isKnown: held !== undefined, lost };
}

/** The session lives on; false when it has ended already. */
export async function renewSession(server: Server, session: string): Promise<boolean> {
  const renewed = await server.db.prepared(
    `with alive as (update timer set due_at = $2 where kind = 'session' and subject = $1 returning subject)
     update worker set seen_at = now() from alive join session on session.id = alive.subject
     where worker.id = session.worker_id returning worker.id`,
    [session, leaseEnd(server)],
  );
  return renewed.length > 0;
}

/** The host's connection has closed: it may come back within the grace time, which never lengthens its lease. */
export async function expectSessionBack({ db, settings }: Server, session: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      "update timer set due_at = least(due_at, clock_timestamp() + $2 * interval '1 millisecond') where kind = 'session' and subject = $1",
      [session, settings.stallGraceMs],
    );
    notifyTimer(tx);
  });
}

/** Its time is over: each of its runs counts as stalled, in a transaction of its own. */
export async function endSession(tx: Tx, session: string): Promise<void> {
  const runs = await tx.query<{ id: string }>(
    `insert into timer (kind, subject, due_at)
     select 'stalled', id, clock_timestamp() from run where session_id = $1 and execution_status in ${activeStatuses}
     on conflict (kind, subject) do update set due_at = excluded.due_at returning subject as id`,
    [session],
  );
  await tx.query("delete from session where id = $1", [session]);
  for (const { id } of runs) notifyWorker(tx, id);
  notifyTimer(tx);
}

/** Runs that were handed out but never arrived. Their attempt did not happen and does not count. */
export async function giveBack({ db }: Server, session: string, runs: HeldAttempt[]): Promise<void> {
  for (const { id, attempt } of runs) {
    await db.transaction(async (tx) => {
      const run = await lockRun(tx, id);
      if (run?.session_id !== session || run.attempt_number !== attempt || run.execution_status !== "EXECUTING") return;
      const description = "Run was handed to a worker that it did not reach";
      await requeueRun(tx, run, { delayMs: 0, description, changes: { attempt_number: attempt - 1 } });
    });
  }
}

function leaseEnd({ settings }: Server): Date {
  return new Date(Date.now() + settings.sessionLeaseMs);
}
