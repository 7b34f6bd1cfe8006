import { Client } from "pg";

/** How many rows each table of the store has. */
export async function rowCounts(): Promise<Record<string, number>> {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
    );
    const counts: Record<string, number> = {};
    for (const { name } of rows) {
      const counted = await client.query<{ count: number }>(`select count(*)::int as count from ${name}`);
      counts[name] = counted.rows[0]?.count ?? 0;
    }
    return counts;
  } finally {
    await client.end();
  }
}
