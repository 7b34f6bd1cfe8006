import type { Database } from "../db/database";
import { internal } from "./ids";
import { type CreatedBetween, type CursorPage, readCreatedBetween, readPage } from "./list-filters";
import { isMachine } from "./machines";
import { Refusal } from "./refusal";
import type { Run } from "./run";
import { isFinal, type RunStatus, rawStatus } from "./status";

export type RunFilter = CursorPage &
  CreatedBetween & {
    /** Only these runs, if there are any others too. */
    ids?: string[] | undefined;
    parent?: string | undefined;
    statuses: RunStatus[];
    tasks: string[];
    versions: string[];
    tags: string[];
    queues: string[];
    machines: string[];
    regions: string[];
    schedule: string | undefined;
    bulkAction: string | undefined;
    batch: string | undefined;
    isTest: boolean | undefined;
  };

/** Reads `filter[…]` and `page[…]` of the list's address. Refuses what means nothing. */
export function readRunFilter(query: URLSearchParams): RunFilter {
  const list = (name: string) => (query.get(`filter[${name}]`) ?? "").split(",").filter((part) => part !== "");
  const one = (name: string) => query.get(`filter[${name}]`) || undefined;
  const batch = one("batch");
  return {
    statuses: list("status").map(statusNamed),
    tasks: list("taskIdentifier"),
    versions: list("version"),
    tags: list("tag"),
    queues: list("queue"),
    machines: list("machine").map(machineNamedIn),
    regions: list("region"),
    schedule: one("schedule"),
    bulkAction: one("bulkAction"),
    batch: batch === undefined ? undefined : internal("batch", batch),
    isTest: booleanFrom(one("isTest")),
    ...readCreatedBetween(query),
    ...readPage(query),
  };
}

function booleanFrom(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text !== "true" && text !== "false") throw new Refusal(400, `Invalid value for isTest: ${text}`);
  return text === "true";
}

function machineNamedIn(name: string): string {
  if (!isMachine(name)) throw new Refusal(400, `Invalid machine "${name}"`);
  return name;
}

function statusNamed(name: string): RunStatus {
  const status = rawStatus(name);
  if (!status) {
    // Names of states this server never has: nothing matches them.
    if (["WAITING", "PENDING_VERSION", "REATTEMPTING", "FROZEN", "INTERRUPTED"].includes(name))
      return name as RunStatus;
    throw new Refusal(400, `Invalid status "${name}"`);
  }
  return status;
}

export type RunPage<Row = Run> = { runs: Row[]; next: string | undefined; previous: string | undefined };

/** One page, newest first, also when going back. Cursors are run ids; a run that is new does not move the pages. */
export async function listRuns<Row extends Pick<Run, "id"> = Run>(
  db: Pick<Database, "query">,
  filter: RunFilter,
  columns = "*",
): Promise<RunPage<Row>> {
  const { conditions, values, add } = conditionsOf(filter);
  const backwards = filter.before !== undefined;
  const cursor = filter.before ?? filter.after;
  if (cursor)
    add(
      `(created_at, number) ${backwards ? ">" : "<"} (select created_at, number from run where id = ?)`,
      internal("run", cursor),
    );
  const where = whereAll(conditions);
  const direction = backwards ? "asc" : "desc";
  const rows = await db.query<Row>(
    `select ${columns} from run ${where} order by created_at ${direction}, number ${direction} limit ${filter.pageSize + 1}`,
    values,
  );
  const more = rows.length > filter.pageSize;
  const page = rows.slice(0, filter.pageSize);
  if (backwards) page.reverse();
  const hasNext = backwards || more;
  const hasPrevious = backwards ? more : filter.after !== undefined;
  return {
    runs: page,
    next: hasNext ? page.at(-1)?.id : undefined,
    previous: hasPrevious ? page[0]?.id : undefined,
  };
}

export async function countRuns(db: Pick<Database, "query">, filter: RunFilter): Promise<number> {
  const { conditions, values } = conditionsOf(filter);
  const [row] = await db.query<{ count: number }>(`select count(*) from run ${whereAll(conditions)}`, values);
  return row?.count ?? 0;
}

function whereAll(conditions: string[]): string {
  return conditions.length > 0 ? `where ${conditions.join(" and ")}` : "";
}

/** A run that is not over has one of these; said in the words of the partial indexes, so that they are used. */
const unfinishedSql = `(execution_status = 'QUEUED' or execution_status = 'DELAYED' or execution_status = 'EXECUTING_WITH_WAITPOINTS'
  or execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL'))`;

/** The filter as SQL conditions, without its page. Values are numbered from $1. */
export function conditionsOf(filter: Omit<RunFilter, keyof CursorPage>, only?: "unfinished") {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (sql: string, value: unknown) => {
    values.push(value);
    conditions.push(sql.replaceAll("?", `$${values.length}`));
  };
  if (filter.ids) add("id = any(?)", filter.ids);
  if (filter.parent) add("parent_id = ?", filter.parent);
  if (filter.statuses.length) add("status = any(?)", filter.statuses);
  if (only === "unfinished" || (filter.statuses.length && !filter.statuses.some(isFinal)))
    conditions.push(unfinishedSql);
  if (filter.tasks.length) add("task_id = any(?)", filter.tasks);
  if (filter.versions.length) add("worker_version = any(?)", filter.versions);
  // The second half names the index, which leaves out the many runs without tags.
  if (filter.tags.length) add("tags && ? and tags <> '{}'", filter.tags);
  if (filter.queues.length) add("queue = any(?)", filter.queues);
  if (filter.machines.length) add("machine = any(?)", filter.machines);
  if (filter.schedule) add("schedule_id = ?", filter.schedule);
  if (filter.batch)
    add("(batch_id = ? or id in (select run_id from batch_item where batch_item.batch_id = ?))", filter.batch);
  if (filter.bulkAction) add("id in (select run_id from bulk_action_run where bulk_action_id = ?)", filter.bulkAction);
  if (filter.isTest !== undefined) add("is_test = ?", filter.isTest);
  if (filter.from) add("created_at >= ?", filter.from);
  if (filter.to) add("created_at <= ?", filter.to);
  return { conditions, values, add };
}
