import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "@/local/trigger/db/database";
import { migrate } from "@/local/trigger/db/migrate";
import { postponeStalls } from "@/local/trigger/engine/presence";
import { emptyDatabase } from "@/tests/support/database";

test("a server that starts gives the runs of `trigger dev` time, but not those of a session that has ended", async () => {
  const { url, close } = await emptyDatabase();
  await migrate(url);
  const db = openDatabase(url);
  onTestFinished(async () => {
    await db.end();
    await close();
  });
  await db.query(
    `insert into run (id, task_id, status, execution_status, queue, queue_time, available_at, session_id)
     select id, 'task', 'EXECUTING', 'EXECUTING', 'task/task', now(), now(), session_id
     from (values ('of-command-line', null), ('of-host', 'ended')) as new (id, session_id)`,
  );
  await db.query("insert into timer (kind, subject, due_at) select 'stalled', id, now() from run");

  await postponeStalls({ db });

  const due = await db.query("select subject from timer where due_at <= clock_timestamp()");
  expect(due).toEqual([{ subject: "of-host" }]);
});
