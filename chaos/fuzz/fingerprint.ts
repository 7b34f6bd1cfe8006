import { db } from "@/lib/db/client";

/**
 * A sign of every table that changes with any change of a row: how many there are, and the sum of the transactions that
 * wrote them. A row that is changed has a later one, a row that is locked or written and rolled back has not. The tries
 * that are counted at the door are left out: they are counted where they are refused, and compared there.
 */
export async function fingerprint(): Promise<Map<string, string>> {
  const tables = await db().$queryRaw<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'rate_limit' order by 1`;
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) as sign from "${name}"`,
  );
  const signs = await db().$queryRawUnsafe<{ name: string; sign: string }[]>(parts.join(" union all "));
  return new Map(signs.map(({ name, sign }) => [name, sign]));
}

/** The tables that are not as they were. */
export function changedTables(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...after].filter(([name, sign]) => before.get(name) !== sign).map(([name]) => name);
}
