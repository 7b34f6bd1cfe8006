import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "@/local/trigger/db/database";
import { emptyDatabase } from "@/tests/support/database";

test("a connection that breaks in the middle of a transaction fails it, and nothing else", async () => {
  const { url, close } = await emptyDatabase();
  const db = openDatabase(url);
  const admin = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await admin.connect();
  onTestFinished(async () => {
    await Promise.all([db.end(), admin.end()]);
    await close();
  });

  const broken = db.transaction(async (tx) => {
    const [row] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
    await admin.query("select pg_terminate_backend($1)", [row?.pid]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await tx.query("select 1");
  });

  await expect(broken).rejects.toThrow();
  expect(await db.query("select 1 as fine")).toEqual([{ fine: 1 }]);
});
