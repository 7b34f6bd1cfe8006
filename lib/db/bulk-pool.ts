import pg from "pg";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** What moves many rows is rare, and a few at once are as fast as many. */
const connectionsMax = 3;

let pool: pg.Pool | undefined;

/** Connections for what Prisma cannot say: COPY, and temporary tables. Opened at first use. */
export function bulkPool(): pg.Pool {
  if (!pool) {
    pool = new pg.Pool({
      connectionString: env().DATABASE_URL,
      max: connectionsMax,
      connectionTimeoutMillis: 30_000,
      keepAlive: true,
    });
    // One that is lost while nobody uses it: the next one is opened when it is needed.
    pool.on("error", (error) => log.warn("db.bulk-connection-lost", { reason: error.message }));
  }
  return pool;
}

export async function closeBulkPool(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.end();
}
