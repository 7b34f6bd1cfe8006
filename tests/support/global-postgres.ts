import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateClient } from "@/local/bin/prepare.mjs";
import { removeDataFolder } from "@/local/postgres/data-folder";
import { createDatabase } from "@/local/postgres/databases";
import { migrate } from "@/local/postgres/migrate";
import { startPostgres } from "@/local/postgres/server";

/** The migrated database that every test database is cloned from. */
export const TEMPLATE = "shopfloor_template";

// Two projects ask for the same server, each with its own copy of this module.
const shared = globalThis as { shopfloorTestPostgres?: { users: number; started: Promise<() => Promise<void>> } };

/** Starts one PostgreSQL for the whole run (no fsync, its data goes with it) and names it in TEST_POSTGRES_URL. */
export async function setup(): Promise<void> {
  shared.shopfloorTestPostgres ??= { users: 0, started: start() };
  shared.shopfloorTestPostgres.users += 1;
  await shared.shopfloorTestPostgres.started;
}

/** Stops the server when the last project is done with it. */
export async function teardown(): Promise<void> {
  const server = shared.shopfloorTestPostgres;
  if (!server) return;
  server.users -= 1;
  if (server.users > 0) return;
  delete shared.shopfloorTestPostgres;
  await (await server.started)();
}

async function start(): Promise<() => Promise<void>> {
  generateClient(() => {});
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-test-"));
  await chmod(folder, 0o711);
  const dataDir = join(folder, "postgres");
  const postgres = await startPostgres({ dataDir, port: 0, durable: false });
  process.env.TEST_POSTGRES_URL = postgres.url;
  const template = await createDatabase(postgres.url, TEMPLATE);
  const migrationsDir = join(process.cwd(), "prisma/migrations");
  if (existsSync(migrationsDir)) await migrate({ url: template, migrationsDir });
  return async () => {
    await postgres.close();
    await removeDataFolder(dataDir);
    await rm(folder, { recursive: true, force: true });
  };
}
