import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

/** The lock that `prisma migrate` takes too, so that the two never run at once. */
const LOCK = 72707369;

const TABLE = `create table if not exists "_prisma_migrations" (
  "id" varchar(36) primary key not null,
  "checksum" varchar(64) not null,
  "finished_at" timestamptz,
  "migration_name" varchar(255) not null,
  "logs" text,
  "rolled_back_at" timestamptz,
  "started_at" timestamptz not null default now(),
  "applied_steps_count" integer not null default 0
)`;

type Applied = { name: string; checksum: string; finished: boolean };

/**
 * Applies `migrationsDir`/<name>/migration.sql in order of name, each in a transaction of its own, and returns the names
 * applied now. Writes the rows `prisma migrate` writes, which then says "up to date". May be repeated and raced.
 * Throws a sentence when a migration that was applied has changed since, or failed half-way under Prisma.
 */
export async function migrate({ url, migrationsDir }: { url: string; migrationsDir: string }): Promise<string[]> {
  const migrations = await readMigrations(migrationsDir);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(TABLE);
    const applied = await readApplied(client);
    const done: string[] = [];
    for (const { name, sql, checksum } of migrations) {
      const earlier = applied.find((row) => row.name === name);
      if (earlier) assertUnchanged(earlier, checksum);
      else {
        await apply(client, name, sql, checksum);
        done.push(name);
      }
    }
    return done;
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(folder, name, "migration.sql"));
      return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `select migration_name as name, checksum, finished_at is not null as finished
       from "_prisma_migrations" where rolled_back_at is null`,
  );
  return rows;
}

function assertUnchanged(earlier: Applied, checksum: string): void {
  if (!earlier.finished)
    throw new Error(
      `Migration ${earlier.name} failed half-way in this database. Start over with --fresh, or mend it with \`prisma migrate resolve\`.`,
    );
  if (earlier.checksum !== checksum)
    throw new Error(
      `Migration ${earlier.name} was changed after it had been applied to this database. Put its migration.sql back and write a new migration, or start over with --fresh.`,
    );
}

async function apply(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  const startedAt = new Date();
  try {
    await client.query("begin");
    await client.query(sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${name} could not be applied, and nothing of it was kept: ${reason}`, { cause });
  }
}
