import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { beforeEach, expect, test } from "vitest";
import { migrate } from "@/local/postgres/migrate";
import { emptyDatabase } from "@/tests/support/database";
import { temporaryFolder } from "@/tests/support/temporary-folder";

let url: string;
let migrationsDir: string;

beforeEach(async () => {
  url = (await emptyDatabase()).url;
  migrationsDir = await temporaryFolder();
});

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(migrationsDir, name), { recursive: true });
  await writeFile(join(migrationsDir, name, "migration.sql"), sql);
}

async function query<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<T>(sql).finally(() => client.end());
  return rows;
}

test("migrations are applied in order of name, once, and recorded as Prisma records them", async () => {
  await write("20260102_price", "alter table mug add price int;");
  await write("20260101_mug", "create table mug (id int);");

  const first = await migrate({ url, migrationsDir });
  const second = await migrate({ url, migrationsDir });

  expect(first).toEqual(["20260101_mug", "20260102_price"]);
  expect(second).toEqual([]);
  const rows = await query('select * from "_prisma_migrations" order by migration_name');
  expect(rows[0]).toMatchObject({
    migration_name: "20260101_mug",
    checksum: createHash("sha256").update("create table mug (id int);").digest("hex"),
    rolled_back_at: null,
    logs: null,
    applied_steps_count: 1,
    finished_at: expect.any(Date),
  });
});

test("a migration that fails leaves nothing of itself behind and names the reason", async () => {
  await write("1_half", "create table mug (id int); select nonsense;");

  await expect(migrate({ url, migrationsDir })).rejects.toThrow(/1_half could not be applied.*"nonsense"/);

  expect(await query("select from pg_tables where tablename = 'mug'")).toEqual([]);
  expect(await query('select from "_prisma_migrations"')).toEqual([]);
});

test("a migration changed after it was applied is refused by name", async () => {
  await write("1_mug", "create table mug (id int);");
  await migrate({ url, migrationsDir });
  await write("1_mug", "create table mug (id bigint);");

  await expect(migrate({ url, migrationsDir })).rejects.toThrow(/Migration 1_mug was changed after .* applied/);
});

test("a migration that failed under Prisma is not walked over", async () => {
  await write("1_mug", "create table mug (id int);");
  await migrate({ url, migrationsDir });
  await query('update "_prisma_migrations" set finished_at = null');

  await expect(migrate({ url, migrationsDir })).rejects.toThrow(/1_mug failed half-way/);
});

test("five starts at once apply each migration once", async () => {
  await write("1_mug", "create table mug (id int);");

  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate({ url, migrationsDir })));

  expect(applied.flat()).toEqual(["1_mug"]);
});
