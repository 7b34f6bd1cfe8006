import type { Database } from "../db/database";
import { durationMs } from "./durations";
import { internal } from "./ids";
import type { RunFilter } from "./list-runs";
import { Refusal } from "./refusal";
import { type RunStatus, rawStatus } from "./status";

/** What a person looks for on the list of runs, as typed. */
export type RunSearch = {
  /** A run's id, or its end. */
  id: string;
  statuses: string[];
  task: string;
  tag: string;
  time: string;
  from: string;
  to: string;
  parent: string;
  batch: string;
  schedule: string;
  queue: string;
  version: string;
  after: string;
  before: string;
};

const names = ["id", "task", "tag", "time", "from", "to", "parent", "batch", "schedule", "queue", "version"] as const;
/** An end of an id is looked for among this many of the newest runs: no index knows ends. */
const newestMax = 10_000;

export function readRunSearch(query: URLSearchParams): RunSearch {
  const one = (name: string) => (query.get(name) ?? "").trim();
  const fields = Object.fromEntries(names.map((name) => [name, one(name)])) as Record<(typeof names)[number], string>;
  return {
    ...fields,
    statuses: [...new Set(query.getAll("status").filter((name) => name !== ""))],
    after: one("after"),
    before: one("before"),
  };
}

/** The same as an address, without the page. */
export function searchQuery(search: RunSearch): URLSearchParams {
  const query = new URLSearchParams(search.statuses.map((status) => ["status", status]));
  for (const name of names) if (search[name]) query.set(name, search[name]);
  return query;
}

/** The filter that a search means. Refuses what means nothing, with a sentence for the page. */
export async function filterOf(db: Pick<Database, "query">, search: RunSearch, pageSize = 50): Promise<RunFilter> {
  const list = (value: string) => (value ? [value] : []);
  return {
    ids: search.id ? await idsLike(db, search.id) : undefined,
    parent: search.parent ? internal("run", search.parent) : undefined,
    statuses: search.statuses.map(statusNamed),
    tasks: list(search.task),
    versions: list(search.version),
    tags: list(search.tag),
    queues: list(search.queue),
    machines: [],
    regions: [],
    bulkAction: undefined,
    schedule: search.schedule || undefined,
    batch: search.batch ? internal("batch", search.batch) : undefined,
    isTest: undefined,
    ...timesOf(search),
    pageSize,
    after: search.after || undefined,
    before: search.before || undefined,
  };
}

function statusNamed(name: string): RunStatus {
  const status = rawStatus(name);
  if (!status) throw new Refusal(400, `There is no status "${name}".`);
  return status;
}

function timesOf({ time, from, to }: RunSearch): Pick<RunFilter, "from" | "to"> {
  if (time === "" || time === "any") return { from: undefined, to: undefined };
  if (time === "custom") return { from: dateOf(from, "From"), to: dateOf(to, "To") };
  const periodMs = durationMs(time);
  if (periodMs === undefined) throw new Refusal(400, `"${time}" is not a time: use for example 1h or 7d.`);
  return { from: new Date(Date.now() - periodMs), to: undefined };
}

/** What a field for date and time holds; it means UTC. */
function dateOf(text: string, field: string): Date | undefined {
  if (text === "") return undefined;
  const date = new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(date.getTime())) throw new Refusal(400, `${field} is "${text}", which is not a date.`);
  return date;
}

async function idsLike(db: Pick<Database, "query">, text: string): Promise<string[]> {
  const id = internal("run", text.replace(/^…/, "").toLowerCase());
  if (!/^[a-z0-9]{1,40}$/.test(id)) return [];
  const whole = await db.query<{ id: string }>("select id from run where id = $1", [id]);
  if (whole.length > 0 || id.length >= 25) return whole.map((run) => run.id);
  const ends = await db.query<{ id: string }>(
    `select id from (select id from run order by created_at desc, number desc limit ${newestMax}) as newest where id like $1 limit 100`,
    [`%${id}`],
  );
  return ends.map((run) => run.id);
}
