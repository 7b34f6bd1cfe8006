import type { Database } from "../db/database";

/** What the shop floor looks like now. Counts stop at `countMax`: nobody counts further. */
export type Floor = { running: number; waiting: number; queued: number; failed: number };

export const countMax = 1_000;

export async function readFloor(db: Pick<Database, "query">): Promise<Floor> {
  const count = (where: string) =>
    `(select count(*) from (select 1 from run where ${where} limit ${countMax}) as counted)`;
  const [floor] = await db.query<Floor>(
    `select ${count("execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')")} as running,
       ${count("execution_status = 'EXECUTING_WITH_WAITPOINTS'")} as waiting,
       ${count("execution_status = 'QUEUED'")} as queued,
       ${count("status in ('COMPLETED_WITH_ERRORS', 'SYSTEM_FAILURE', 'CRASHED', 'EXPIRED', 'TIMED_OUT') and created_at > now() - interval '1 hour'")} as failed`,
  );
  return floor ?? { running: 0, waiting: 0, queued: 0, failed: 0 };
}
