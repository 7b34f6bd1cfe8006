import type { Database } from "../db/database";
import { durationMs } from "./durations";
import { internal } from "./ids";
import { Refusal } from "./refusal";
import type { Run } from "./run";
import { isFinal, type RunStatus, rawStatus } from "./status";

export type RunFilter = {
  /** Only these runs, if there are any others too. */
  ids?: string[] | undefined;
  parent?: string | undefined;
  statuses: RunStatus[];
  tasks: string[];
  versions: string[];
  tags: string[];
  queues: string[];
  machines: string[];
  schedule: string | undefined;
  batch: string | undefined;
  isTest: boolean | undefined;
  from: Date | undefined;
  to: Date | undefined;
  pageSize: number;
  after: string | undefined;
  before: string | undefined;
};

const pageSizeMax = 100;

/** Reads `filter[…]` and `page[…]` of the list's address. Refuses what means nothing. */
export function readRunFilter(query: URLSearchParams): RunFilter {
  const list = (name: string) => (query.get(`filter[${name}]`) ?? "").split(",").filter((part) => part !== "");
  const one = (name: string) => query.get(`filter[${name}]`) ?? undefined;
  const isTest = one("isTest");
  const period = query.get("filter[createdAt][period]");
  const periodMs = period === null ? undefined : durationMs(period);
  if (period !== null && periodMs === undefined)
    throw new Refusal(400, `Invalid period "${period}": use for example 1h or 7d.`);
  const pageSize = Number(query.get("page[size]") ?? 25);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > pageSizeMax) {
    throw new Refusal(400, `page[size] must be between 1 and ${pageSizeMax}`);
  }
  if (list("bulkAction").length > 0)
    throw new Refusal(501, "The local server has no bulk actions, so runs can not be filtered by one.");
  return {
    statuses: list("status").map(statusNamed),
    tasks: list("taskIdentifier"),
    versions: list("version"),
    tags: list("tag"),
    queues: list("queue"),
    machines: list("machine"),
    schedule: one("schedule"),
    batch: one("batch") === undefined ? undefined : internal("batch", one("batch") ?? ""),
    isTest: isTest === undefined ? undefined : isTest === "true",
    from: periodMs === undefined ? dateFrom(query.get("filter[createdAt][from]")) : new Date(Date.now() - periodMs),
    to: dateFrom(query.get("filter[createdAt][to]")),
    pageSize,
    after: query.get("page[after]") ?? undefined,
    before: query.get("page[before]") ?? undefined,
  };
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

function dateFrom(text: string | null): Date | undefined {
  if (text === null) return undefined;
  const date = new Date(/^\d+$/.test(text) ? Number(text) : text);
  if (Number.isNaN(date.getTime())) throw new Refusal(400, `"${text}" is not a date`);
  return date;
}

export type RunPage<Row = Run> = { runs: Row[]; next: string | undefined; previous: string | undefined };

/** A run that is not over has one of these; said in the words of the partial indexes, so that they are used. */
const unfinishedSql = `(execution_status = 'QUEUED' or execution_status = 'DELAYED' or execution_status = 'EXECUTING_WITH_WAITPOINTS'
  or execution_status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL'))`;

/** The filter as SQL conditions, without its page. Values are numbered from $1. */
export function conditionsOf(filter: Omit<RunFilter, "pageSize" | "after" | "before">, only?: "unfinished") {
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
  if (filter.isTest !== undefined) add("is_test = ?", filter.isTest);
  if (filter.from) add("created_at >= ?", filter.from);
  if (filter.to) add("created_at <= ?", filter.to);
  return { conditions, values, add };
}

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
  const where = conditions.length > 0 ? `where ${conditions.join(" and ")}` : "";
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
