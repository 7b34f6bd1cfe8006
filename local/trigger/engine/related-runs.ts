import type { Database } from "../db/database";
import type { Run } from "./run";

export type Related<Row> = {
  parent: Row | undefined;
  root: Row | undefined;
  children: Row[];
  siblings: Row[];
  hasMore: { children: boolean; siblings: boolean };
};

const shownMax = 20;

/** The family of a run: some of each kind; the list of runs, filtered, has all. */
export async function relatedRuns<Row extends Pick<Run, "id">>(
  db: Pick<Database, "query">,
  run: Run,
  columns: string,
): Promise<Related<Row>> {
  const above = [run.parent_id, run.root_id].filter((id) => id !== null);
  const [elders, children, siblings] = await Promise.all([
    above.length > 0 ? db.query<Row>(`select ${columns} from run where id = any($1)`, [above]) : [],
    db.query<Row>(`select ${columns} from run where parent_id = $1 order by created_at, number limit ${shownMax + 1}`, [
      run.id,
    ]),
    run.batch_id
      ? db.query<Row>(
          `select ${columns} from run where batch_id = $1 and id <> $2 order by batch_index limit ${shownMax + 1}`,
          [run.batch_id, run.id],
        )
      : [],
  ]);
  return {
    parent: elders.find((one) => one.id === run.parent_id),
    root: run.root_id === run.parent_id ? undefined : elders.find((one) => one.id === run.root_id),
    children: children.slice(0, shownMax),
    siblings: siblings.slice(0, shownMax),
    hasMore: { children: children.length > shownMax, siblings: siblings.length > shownMax },
  };
}
