import { type BulkActionInput, createBulkAction } from "./bulk-actions";
import type { Server } from "./context";
import { conditionsOf, type RunFilter } from "./list-runs";

export type BulkVerb = BulkActionInput["action"];

/** How many runs the dashboard lets one action take: it names each of them. */
export const bulkMax: Record<BulkVerb, number> = { cancel: 10_000, replay: 1_000 };

/** How many runs an action would take; one more than it may when there are more. */
export async function countMatching({ db }: Pick<Server, "db">, action: BulkVerb, filter: RunFilter): Promise<number> {
  const { where, values } = whereOf(action, filter);
  const [row] = await db.query<{ count: number }>(
    `select count(*) from (select 1 from run ${where} limit ${bulkMax[action] + 1}) as counted`,
    values,
  );
  return row?.count ?? 0;
}

/**
 * Promises to do it to the runs of a filter, as far as one action takes them: the newest, a cancellation only those that
 * are not over. The runs are named, for the list's search says more than the filter of the API. Answers how many.
 */
export async function actOnMatching(server: Server, action: BulkVerb, filter: RunFilter): Promise<number> {
  const { where, values } = whereOf(action, filter);
  const rows = await server.db.query<{ id: string }>(
    `select id from run ${where} order by created_at desc, number desc limit ${bulkMax[action]}`,
    values,
  );
  const runIds = rows.map((row) => row.id);
  // What was started first starts first again.
  if (action === "replay") runIds.reverse();
  if (runIds.length > 0) await createBulkAction(server, { action, runIds });
  return runIds.length;
}

function whereOf(action: BulkVerb, filter: RunFilter) {
  const { conditions, values } = conditionsOf(filter, action === "cancel" ? "unfinished" : undefined);
  return { where: conditions.length > 0 ? `where ${conditions.join(" and ")}` : "", values };
}
