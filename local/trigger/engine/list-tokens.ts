import type { Database } from "../db/database";
import { durationMs } from "./durations";
import { internal } from "./ids";
import { Refusal } from "./refusal";
import type { Waitpoint } from "./waitpoints";

export type TokenFilter = {
  statuses: string[];
  tags: string[];
  idempotencyKey: string | undefined;
  from: Date | undefined;
  to: Date | undefined;
  pageSize: number;
  after: string | undefined;
  before: string | undefined;
};

const pageSizeMax = 100;

export function readTokenFilter(query: URLSearchParams): TokenFilter {
  const list = (name: string) => (query.get(`filter[${name}]`) ?? "").split(",").filter((part) => part !== "");
  const period = query.get("filter[createdAt][period]");
  const periodMs = period === null ? undefined : durationMs(period);
  const date = (name: string) => {
    const text = query.get(`filter[createdAt][${name}]`);
    return text === null ? undefined : new Date(/^\d+$/.test(text) ? Number(text) : text);
  };
  const pageSize = Number(query.get("page[size]") ?? 25);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > pageSizeMax) {
    throw new Refusal(400, `page[size] must be between 1 and ${pageSizeMax}`);
  }
  return {
    statuses: list("status"),
    tags: list("tags"),
    idempotencyKey: query.get("filter[idempotencyKey]") ?? undefined,
    from: periodMs === undefined ? date("from") : new Date(Date.now() - periodMs),
    to: date("to"),
    pageSize,
    after: query.get("page[after]") ?? undefined,
    before: query.get("page[before]") ?? undefined,
  };
}

const statusSql: Record<string, string> = {
  WAITING: "status = 'PENDING'",
  COMPLETED: "(status = 'COMPLETED' and not output_is_error)",
  TIMED_OUT: "(status = 'COMPLETED' and output_is_error)",
};

/** One page of tokens, newest first, also when going back. */
export async function listTokens(db: Pick<Database, "query">, filter: TokenFilter) {
  const conditions = ["type = 'MANUAL'", "stream_run_id is null"];
  const values: unknown[] = [];
  const add = (sql: string, value: unknown) => {
    values.push(value);
    conditions.push(sql.replaceAll("?", `$${values.length}`));
  };
  if (filter.statuses.length > 0) conditions.push(`(${filter.statuses.map(statusCondition).join(" or ")})`);
  if (filter.tags.length > 0) add("tags && ?", filter.tags);
  if (filter.idempotencyKey) add("user_key = ?", filter.idempotencyKey);
  if (filter.from) add("created_at >= ?", filter.from);
  if (filter.to) add("created_at <= ?", filter.to);
  const backwards = filter.before !== undefined;
  const cursor = filter.before ?? filter.after;
  if (cursor)
    add(`seq ${backwards ? ">" : "<"} (select seq from waitpoint where id = ?)`, internal("waitpoint", cursor));
  const rows = await db.query<Waitpoint>(
    `select * from waitpoint where ${conditions.join(" and ")} order by seq ${backwards ? "asc" : "desc"} limit ${filter.pageSize + 1}`,
    values,
  );
  const more = rows.length > filter.pageSize;
  const tokens = rows.slice(0, filter.pageSize);
  if (backwards) tokens.reverse();
  return {
    tokens,
    next: backwards || more ? tokens.at(-1)?.id : undefined,
    previous: (backwards ? more : filter.after !== undefined) ? tokens[0]?.id : undefined,
  };
}

function statusCondition(name: string): string {
  const sql = statusSql[name];
  if (!sql) throw new Refusal(400, `Invalid status "${name}"`);
  return sql;
}

export type TokenStatus = "WAITING" | "COMPLETED" | "TIMED_OUT";

export function tokenStatus({ status, output_is_error }: Waitpoint): TokenStatus {
  if (status === "PENDING") return "WAITING";
  return output_is_error ? "TIMED_OUT" : "COMPLETED";
}
