import pg from "pg";
import { CouldNotLookError } from "./errors";

const int8 = 20;

/**
 * Connects and makes the temporary tables that what is compared with the store goes into (Stripe's ledger, the runs):
 * so everything is compared in sets by Postgres, however many orders there are. @throws CouldNotLookError
 */
export async function openSession(databaseUrl: string, tables: readonly string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // A connection that is lost while nobody asks says so here, and the next statement fails.
  client.on("error", () => undefined);
  client.setTypeParser(int8, "text", Number);
  try {
    await client.connect();
    for (const table of tables) await client.query(`create temporary table ${table}`);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new CouldNotLookError("The database", error);
  }
}

/**
 * Takes the snapshot: a repeatable-read transaction that can only read, and fill temporary tables. `audit_clock` holds its time, and the time before which whatever is still under way has had long
 * enough.
 */
export async function begin(client: pg.Client, { now, graceMs }: { now?: Date; graceMs: number }): Promise<Date> {
  await client.query("begin transaction isolation level repeatable read read only");
  await client.query("set local statement_timeout = 0");
  await client.query("set local idle_in_transaction_session_timeout = 0");
  const { rows } = await client.query<{ now: Date }>(
    `insert into audit_clock select coalesce($1, now()), coalesce($1, now()) - $2 * interval '1 millisecond' returning now`,
    [now ?? null, graceMs],
  );
  return rows[0]?.now ?? new Date();
}

export const clockTable = "audit_clock (now timestamptz not null, settled_before timestamptz not null)";
