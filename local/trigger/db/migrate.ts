import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";

const folder = fileURLToPath(new URL("./migrations/", import.meta.url));
/** "trigger_local", as a number of our own. */
const lockId = 7_214_403_081;

/** Brings schema `trigger_local` up to date. Safe to call from several servers at once and on every start. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A connection that breaks is reported twice: by the statement, and by this event.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockId]);
    await client.query("create schema if not exists trigger_local");
    await client.query("set search_path = trigger_local");
    await client.query(
      "create table if not exists migration (name text primary key, applied_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ name: string }>("select name from migration");
    const applied = new Set(rows.map((row) => row.name));
    const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
    for (const name of files.filter((file) => !applied.has(file))) {
      await client.query("begin");
      await client.query(await readFile(new URL(name, `file://${folder}`), "utf8"));
      await client.query("insert into migration (name) values ($1)", [name]);
      await client.query("commit");
    }
  } finally {
    // Ending the session gives the lock back, also after a failure.
    await client.end();
  }
}
