import { bulkPool } from "@/lib/db/bulk-pool";
import { pause } from "../processes";

/** What workers call themselves to the database. */
export const workerName = "chaos-import";

/** How long the database may take to notice that a process is dead. */
const noticeMs = 5_000;

/** How many connections of workers there are once all of them are dead; none, or what is left after a while. */
export async function connectionsLeft(): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const { rows } = await bulkPool().query(
      "select count(*)::int as left from pg_stat_activity where application_name = $1",
      [workerName],
    );
    if (rows[0].left === 0 || waitedMs >= noticeMs) return rows[0].left;
    await pause(100);
  }
}
