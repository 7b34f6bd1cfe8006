import type { Tx } from "../db/database";
import { pause } from "../db/listener";
import { notifyTimer, notifyWorker } from "../db/notify";
import type { Server } from "./context";
import { expiryOf } from "./insert-runs";
import { requeueRun } from "./requeue-run";
import { lockRun, type Run } from "./run";
import { attemptCreated } from "./snapshots";
import { endStalled } from "./stalled-run";
import { setTimer } from "./timers";

/** An attempt of a run; ids without their prefix. */
export type HeldAttempt = { id: string; attempt: number };
/** What a host says it works on. It `awaitsNext` when that attempt has failed and it has asked to begin the next. */
export type HostedAttempt = HeldAttempt & { awaitsNext?: boolean };
/** An attempt as it was handed out: the snapshot tells it from another of the same number, after it was given back. */
export type HandedAttempt = HeldAttempt & { snapshotId: string };

/** A session and the hello under which runs are handed out to it; the next hello takes the session along. */
export type SessionClaim = { session: string; hello: number };

const activeStatuses = "('EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL')";

type Hello = SessionClaim & { workerId: string; isNew: boolean; runs: HostedAttempt[] };

/**
 * Opens a session or takes it up again. Both sides compare what they know: runs the host must stop are `lost`, those it
 * does not name are given back. Not known is a session that has ended, or whose host has said another hello since.
 */
export async function openSession(server: Server, hello: Hello): Promise<{ isKnown: boolean; lost: string[] }> {
  const held = await server.db.transaction(async (tx) => {
    if (hello.isNew)
      await tx.query("insert into session (id, worker_id) values ($1, $2) on conflict do nothing", [
        hello.session,
        hello.workerId,
      ]);
    const [session] = await tx.query("update session set hello = $2 where id = $1 and hello < $2 returning 1", [
      hello.session,
      hello.hello,
    ]);
    if (!session) return undefined;
    await setTimer(tx, "session", hello.session, leaseEnd(server));
    await tx.query("update worker set seen_at = now() where id = $1", [hello.workerId]);
    return tx.query<HandedAttempt>(
      `select id, attempt_number as attempt, snapshot_id as "snapshotId" from run
       where session_id = $1 and execution_status in ${activeStatuses}`,
      [hello.session],
    );
  });
  const theirs = new Map(hello.runs.map((run) => [run.id, run]));
  const agreed = new Set((held ?? []).filter((run) => isSame(run, theirs.get(run.id))).map((run) => run.id));
  await giveBack(
    server,
    hello.session,
    (held ?? []).filter(({ id }) => !agreed.has(id)),
  );
  return { isKnown: held !== undefined, lost: hello.runs.map(({ id }) => id).filter((id) => !agreed.has(id)) };
}

/** A host that has asked for the next attempt asks again until it is answered: that one may have begun already. */
function isSame({ attempt }: HeldAttempt, theirs: HostedAttempt | undefined): boolean {
  return attempt === theirs?.attempt || (theirs?.awaitsNext === true && attempt === theirs.attempt + 1);
}

/** Until the transaction ends, the session can neither end nor be taken along by another hello. */
async function holdsSession(tx: Tx, { session, hello }: SessionClaim): Promise<boolean> {
  return (await tx.query("select 1 from session where id = $1 and hello = $2 for share", [session, hello])).length > 0;
}

/** The session lives on; false when it has ended already. */
export async function renewSession(server: Server, session: string): Promise<boolean> {
  const renewed = await server.db.prepared(
    `with alive as (update timer set due_at = greatest(due_at, $2) where kind = 'session' and subject = $1 returning subject)
     update worker set seen_at = now() from alive join session on session.id = alive.subject
     where worker.id = session.worker_id returning worker.id`,
    [session, leaseEnd(server)],
  );
  return renewed.length > 0;
}

/**
 * The host's connection has closed. It may come back within the grace time, which only this server measures: should it
 * die meanwhile, the host can not know better than that its lease counts.
 */
export async function endUnlessBack({ db, settings, closing }: Server, claim: SessionClaim): Promise<void> {
  await pause(settings.stallGraceMs, closing);
  if (closing.aborted) return;
  await db.transaction(async (tx) => {
    if (!(await holdsSession(tx, claim))) return;
    await tx.query("update timer set due_at = clock_timestamp() where kind = 'session' and subject = $1", [
      claim.session,
    ]);
    notifyTimer(tx);
  });
}

/** Its time is over: each of its runs counts as stalled, in a transaction of its own. */
export async function endSession(tx: Tx, session: string): Promise<void> {
  // First, and waiting for whoever is handing out runs under it: from here on it gets no more.
  await tx.query("delete from session where id = $1", [session]);
  const runs = await tx.query<{ id: string }>(
    `insert into timer (kind, subject, due_at)
     select 'stalled', id, clock_timestamp() from run where session_id = $1 and execution_status in ${activeStatuses}
     on conflict (kind, subject) do update set due_at = excluded.due_at returning subject as id`,
    [session],
  );
  for (const { id } of runs) notifyWorker(tx, id);
  notifyTimer(tx);
}

/**
 * Runs that a session holds and its host does not have. One that was handed out but never arrived goes back to its queue
 * as if it had not been (`Hello` says why that is safe). One that has come further has begun, and its attempt is lost.
 */
export async function giveBack({ db }: Server, session: string, runs: HandedAttempt[]): Promise<void> {
  for (const { id, snapshotId } of runs) {
    await db.transaction(async (tx) => {
      const run = await lockRun(tx, id);
      if (run?.session_id !== session || run.snapshot_id !== snapshotId || run.execution_status === "FINISHED") return;
      if (await hasJustBegun(tx, run)) await undoHandOut(tx, run);
      else await endStalled(tx, run);
    });
  }
}

async function hasJustBegun(tx: Tx, run: Run): Promise<boolean> {
  const [created] = await tx.query("select 1 from snapshot where id = $1 and description = $2", [
    run.snapshot_id,
    attemptCreated,
  ]);
  return created !== undefined;
}

async function undoHandOut(tx: Tx, run: Run): Promise<void> {
  const description = "Run was handed to a worker that it did not reach";
  const attempt = run.attempt_number - 1;
  await requeueRun(tx, run, { delayMs: 0, description, changes: { attempt_number: attempt } });
  const expiresAt = attempt === 0 ? expiryOf(run, run.queued_at ?? run.created_at) : undefined;
  if (expiresAt) await setTimer(tx, "ttl", run.id, expiresAt);
}

function leaseEnd({ settings }: Server): Date {
  return new Date(Date.now() + settings.sessionLeaseMs);
}
