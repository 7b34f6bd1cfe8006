import { PrismaPg } from "@prisma/adapter-pg";
import { areEffectsWatched } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { closeBulkPool } from "./bulk-pool";
import { PrismaClient } from "./generated/client";
import { statementName } from "./statement-name";
import { watchCommits } from "./watch-commits";

/** How many connections this process has to the database. */
export const connectionsMax = 10;

let client: PrismaClient | undefined;

/** The one connection pool of this process, opened at first use. */
export function db(): PrismaClient {
  return areEffectsWatched() ? watchCommits(pool()) : pool();
}

/** The same for `transaction()`, which says itself when it commits. */
export function pool(): PrismaClient {
  client ??= new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: env().DATABASE_URL, max: connectionsMax },
      { statementNameGenerator: ({ sql }) => statementName(sql) },
    ),
  });
  return client;
}

/** Closes the pools; the next `db()` opens another. For programs that end, and tests. */
export async function closeDb(): Promise<void> {
  const closing = client;
  client = undefined;
  await Promise.all([closing?.$disconnect(), closeBulkPool()]);
}
