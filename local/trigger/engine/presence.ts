import type { Server } from "./context";

/** How long a run stays with a worker nobody has heard of: renewed while its worker's socket is open. */
export const leaseMs = 15_000;

/** The runs whose workers are connected to this server. */
export type Presence = {
  isWatched: (runId: string) => boolean;
  watched: () => string[];
};

/** Says that these runs' workers are alive. Runs that are being cancelled keep their own, shorter time. */
export async function renewLeases({ db }: Pick<Server, "db">, runIds: string[]): Promise<void> {
  if (runIds.length === 0) return;
  await db.query(
    `update timer set due_at = clock_timestamp() + $2 * interval '1 millisecond' from run
     where timer.kind = 'stalled' and timer.subject = any($1) and run.id = timer.subject
       and run.execution_status in ('EXECUTING', 'EXECUTING_WITH_WAITPOINTS')`,
    [runIds, leaseMs],
  );
}

/**
 * After a pause of the server or the database every lease of a `trigger dev` run may look over although its worker lives:
 * gives all of them the time to come back and say so. A session is not waited for: its host keeps the same time, and has
 * given its runs up by now. They must not wait either, or servers that are restarted often would never let them go on.
 */
export async function postponeStalls({ db }: Pick<Server, "db">): Promise<void> {
  await db.query(
    `update timer set due_at = clock_timestamp() + $1 * interval '1 millisecond'
     where kind = 'stalled' and due_at < clock_timestamp() + $1 * interval '1 millisecond'
       and not exists (select 1 from run where run.id = timer.subject and run.session_id is not null)`,
    [leaseMs],
  );
}
