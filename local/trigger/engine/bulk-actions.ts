import type { CreateBulkActionRequestBody } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Database, Tx } from "../db/database";
import type { Server } from "./context";
import { internal, newId } from "./ids";
import type { CursorPage } from "./list-filters";
import { countRuns, readRunFilter } from "./list-runs";
import { Refusal } from "./refusal";

export type BulkAction = {
  id: string;
  seq: number;
  type: "CANCEL" | "REPLAY";
  name: string | null;
  status: "PENDING" | "COMPLETED" | "ABORTED";
  run_ids: string[] | null;
  filter: string | null;
  position: number;
  last_run_id: string | null;
  total: number;
  succeeded: number;
  failed: number;
  created_at: Date;
  completed_at: Date | null;
};

export type BulkActionInput = z.infer<typeof CreateBulkActionRequestBody>;

/** Promises to do something to every run that is named, or that matches now. The runner does it, soon. */
export async function createBulkAction(server: Server, input: BulkActionInput): Promise<BulkAction> {
  if (input.targetRegion !== undefined)
    throw new Refusal(501, "The local server has one region only: runs can not be replayed in another.");
  const filter = input.filter ? queryOf(input.filter, new Date()) : null;
  const runIds = input.runIds ? [...new Set(input.runIds.map((id) => internal("run", id)))] : null;
  const [bulk] = await server.db.query<BulkAction>(
    "insert into bulk_action (id, type, name, run_ids, filter, total) values ($1, $2, $3, $4, $5, $6) returning *",
    [
      `bulk_${newId()}`,
      input.action === "cancel" ? "CANCEL" : "REPLAY",
      input.name || null,
      runIds,
      filter,
      await countMatching(server.db, runIds, filter),
    ],
  );
  if (!bulk) throw new Error("insert returned no row");
  server.bulk.wake();
  return bulk;
}

async function countMatching(db: Database, runIds: string[] | null, filter: string | null): Promise<number> {
  if (filter !== null) return countRuns(db, readRunFilter(new URLSearchParams(filter)));
  const [row] = await db.query<{ count: number }>("select count(*) from run where id = any($1)", [runIds ?? []]);
  return row?.count ?? 0;
}

/** The filter as the query of a list, with its times fixed: runs made later are not meant. */
function queryOf(filter: NonNullable<BulkActionInput["filter"]>, now: Date): string {
  const query = new URLSearchParams();
  const { from, to, period, queue, ...rest } = filter;
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined) query.set(`filter[${name}]`, [value].flat().join(","));
  const queues = [queue ?? []].flat().map(({ type, name }) => (type === "task" ? `task/${name}` : name));
  if (queues.length > 0) query.set("filter[queue]", queues.join(","));
  if (period) query.set("filter[createdAt][period]", period);
  if (from !== undefined) query.set("filter[createdAt][from]", String(Number(from)));
  query.set("filter[createdAt][to]", String(Number(to ?? now)));
  const since = readRunFilter(query).from;
  query.delete("filter[createdAt][period]");
  if (since) query.set("filter[createdAt][from]", String(since.getTime()));
  return query.toString();
}

export async function getBulkAction(db: Pick<Tx, "query">, id: string): Promise<BulkAction> {
  const [bulk] = await db.query<BulkAction>("select * from bulk_action where id = $1", [id]);
  if (!bulk) throw new Refusal(404, "Bulk action not found");
  return bulk;
}

/** Stops it where it is. What is done already stays done. */
export async function abortBulkAction({ db }: Server, id: string): Promise<void> {
  const aborted = await db.query(
    "update bulk_action set status = 'ABORTED' where id = $1 and status = 'PENDING' returning id",
    [id],
  );
  if (aborted.length > 0) return;
  const { status } = await getBulkAction(db, id);
  throw new Refusal(400, `Bulk action group already ${status.toLowerCase()}: ${id}`);
}

/** One page, newest first, also when going back. */
export async function listBulkActions(db: Pick<Database, "query">, { pageSize, after, before }: CursorPage) {
  const backwards = before !== undefined;
  const rows = await db.query<BulkAction>(
    `select * from bulk_action where $1::text is null or seq ${backwards ? ">" : "<"} (select seq from bulk_action where id = $1)
     order by seq ${backwards ? "asc" : "desc"} limit $2`,
    [before ?? after ?? null, pageSize + 1],
  );
  const more = rows.length > pageSize;
  const page = rows.slice(0, pageSize);
  if (backwards) page.reverse();
  return {
    page,
    next: backwards || more ? page.at(-1)?.id : undefined,
    previous: (backwards ? more : after !== undefined) ? page[0]?.id : undefined,
  };
}
