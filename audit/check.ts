import type { Client } from "pg";

/** A statement whose every row is a violation, and the sentence that says so. */
export type Check = { sql: string; say: (row: never) => string };

/** What `sql` finds must not be. It says its figures as whole minor units and ids; `say` makes a plain sentence of them. */
export function check<Row extends object>(sql: string, say: (row: Row) => string): Check {
  return { sql, say };
}

export type Violations = { count: number; examples: string[] };

/** How many violations of an invariant are told one by one. */
const examplesMax = 20;

/** Counts what the checks find, wholly in the database, and brings only the first few here. */
export async function findViolations(client: Client, checks: readonly Check[]): Promise<Violations> {
  const found: Violations = { count: 0, examples: [] };
  for (const { sql, say } of checks) {
    const { rows } = await client.query<{ found: number }>(
      `select *, count(*) over () as found from (${sql}) as violation limit ${examplesMax}`,
    );
    found.count += rows[0]?.found ?? 0;
    found.examples.push(...rows.map((row) => say(row as never)).slice(0, examplesMax - found.examples.length));
  }
  return found;
}

/** The one row of a statement that counts. */
export async function countOf<Counts extends object>(client: Client, sql: string): Promise<Counts> {
  return (await client.query<Counts & object>(sql)).rows[0] as Counts;
}
