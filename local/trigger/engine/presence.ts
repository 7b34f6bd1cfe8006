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
 * After a pause of the server or the database every lease may look over although the workers live: gives all of them
 * the time to come back and say so.
 */
export async function postponeStalls({ db, settings }: Pick<Server, "db" | "settings">): Promise<void> {
  await db.query(
    `update timer set due_at = later.at
     from (values ('stalled', clock_timestamp() + $1 * interval '1 millisecond'),
                  ('session', clock_timestamp() + $2 * interval '1 millisecond')) as later (kind, at)
     where timer.kind = later.kind and due_at < later.at`,
    [leaseMs, settings.sessionLeaseMs],
  );
}
