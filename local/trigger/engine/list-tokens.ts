import type { Database } from "../db/database";
import { internal } from "./ids";
import { type CreatedBetween, type CursorPage, readCreatedBetween, readPage } from "./list-filters";
import { Refusal } from "./refusal";
import type { Waitpoint } from "./waitpoints";

export type TokenFilter = CursorPage &
  CreatedBetween & { statuses: string[]; tags: string[]; idempotencyKey: string | undefined };

export function readTokenFilter(query: URLSearchParams): TokenFilter {
  const list = (name: string) => (query.get(`filter[${name}]`) ?? "").split(",").filter((part) => part !== "");
  return {
    statuses: list("status"),
    tags: list("tags"),
    idempotencyKey: query.get("filter[idempotencyKey]") || undefined,
    ...readCreatedBetween(query),
    ...readPage(query),
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
