import { notifyTimer } from "../db/notify";
import type { Server } from "./context";
import { conditionsOf, type RunFilter } from "./list-runs";
import { replayRun } from "./replay-run";

export type BulkAction = "cancel" | "replay";

/** How many runs one action takes. A cancellation is one statement; a replay copies each run. */
export const bulkMax: Record<BulkAction, number> = { cancel: 10_000, replay: 1_000 };

/** Between two cancellations, so that no other timer has to wait behind thousands of them. */
const spacingMs = 5;
const replaysAtOnce = 4;
const replayTimeMaxMs = 20_000;

/** How many runs an action would take; one more than it may when there are more. */
export async function countMatching(
  { db }: Pick<Server, "db">,
  action: BulkAction,
  filter: RunFilter,
): Promise<number> {
  const { where, values } = whereOf(action, filter);
  const [row] = await db.query<{ count: number }>(
    `select count(*) from (select 1 from run ${where} limit ${bulkMax[action] + 1}) as counted`,
    values,
  );
  return row?.count ?? 0;
}

/**
 * Cancels the runs of a filter that are not over, newest first, soon: each by a timer of its own, so that a restart
 * loses none. Doing it again changes nothing. Answers how many.
 */
export async function cancelMatching({ db }: Pick<Server, "db">, filter: RunFilter): Promise<number> {
  const { where, values } = whereOf("cancel", filter);
  return db.transaction(async (tx) => {
    const timers = await tx.query(
      `insert into timer (kind, subject, due_at)
       select 'cancel', id, clock_timestamp() + ${spacingMs} * row_number() over (order by created_at desc, number desc) * interval '1 millisecond'
       from (select id, created_at, number from run ${where} order by created_at desc, number desc limit ${bulkMax.cancel}) as chosen
       on conflict (kind, subject) do nothing returning 1`,
      values,
    );
    if (timers.length > 0) notifyTimer(tx);
    return timers.length;
  });
}

/** Replays the runs of a filter, a few at a time; answers how many. Not to be repeated: each time makes new runs. */
export async function replayMatching(server: Server, filter: RunFilter): Promise<number> {
  const { where, values } = whereOf("replay", filter);
  const rows = await server.db.query<{ id: string }>(
    `select id from run ${where} order by created_at desc, number desc limit ${bulkMax.replay}`,
    values,
  );
  const left = rows.map((row) => row.id).reverse();
  const deadline = Date.now() + replayTimeMaxMs;
  let replayed = 0;
  const work = async () => {
    for (let id = left.shift(); id !== undefined && Date.now() < deadline; id = left.shift()) {
      await replayRun(server, id, {});
      replayed++;
    }
  };
  await Promise.all(Array.from({ length: replaysAtOnce }, work));
  return replayed;
}

function whereOf(action: BulkAction, filter: RunFilter) {
  const { conditions, values } = conditionsOf(filter, action === "cancel" ? "unfinished" : undefined);
  return { where: conditions.length > 0 ? `where ${conditions.join(" and ")}` : "", values };
}
