import type { Database } from "../db/database";
import type { Run } from "./run";

/** The runs that a token holds up. */
export async function listWaiters<Row extends Pick<Run, "id">>(
  db: Pick<Database, "query">,
  tokenId: string,
  columns: string,
): Promise<Row[]> {
  return db.query<Row>(
    `select ${columns} from run where id in (select run_id from run_wait where waitpoint_id = $1) order by created_at limit 50`,
    [tokenId],
  );
}

/** How many runs each of these tokens holds up. */
export async function countWaiters(db: Pick<Database, "query">, tokenIds: string[]): Promise<Map<string, number>> {
  const rows = await db.query<{ id: string; count: number }>(
    "select waitpoint_id as id, count(distinct run_id) from run_wait where waitpoint_id = any($1) group by 1",
    [tokenIds],
  );
  return new Map(rows.map((row) => [row.id, row.count]));
}
