import { randomBytes } from "node:crypto";
import { createDatabase, dropDatabase } from "@/local/postgres/databases";
import { TEMPLATE } from "./global-postgres";

/** `close` drops the database; one that is not closed goes with the run's server. */
export type TestDatabase = { name: string; url: string; close(): Promise<void> };

/** A new database with all migrations applied and no rows, for the caller alone. */
export async function testDatabase(): Promise<TestDatabase> {
  return open(TEMPLATE);
}

/** A new database with nothing in it: no table of ours, no migration. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return open(undefined);
}

async function open(template: string | undefined): Promise<TestDatabase> {
  const adminUrl = process.env.TEST_POSTGRES_URL;
  if (!adminUrl)
    throw new Error("TEST_POSTGRES_URL is not set: this test must run in the integration or local project.");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const url = await createDatabase(adminUrl, name, template);
  return { name, url, close: () => dropDatabase(adminUrl, name) };
}
