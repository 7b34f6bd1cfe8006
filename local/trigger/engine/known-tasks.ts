import type { Database } from "../db/database";
import type { Listener } from "../db/listener";

/** What a new run takes over from its task. */
export type KnownTask = { queue: string; ttl: string | null; triggerSource: string | null };

/** What the newest worker says about its tasks; asked anew once another one has registered. */
export type KnownTasks = { find: (taskId: string) => Promise<KnownTask | null> };

export function watchTasks(db: Database, listener: Listener): KnownTasks {
  let known: Promise<Map<string, KnownTask>> | undefined;
  const forget = () => {
    known = undefined;
  };
  for (const event of ["tasks", "resync"] as const) listener.on(event, forget);
  return {
    find: async (taskId) => {
      if (!known) {
        const asked = loadTasks(db);
        known = asked;
        asked.catch(() => {
          if (known === asked) known = undefined;
        });
      }
      return (await known).get(taskId) ?? null;
    },
  };
}

async function loadTasks(db: Database): Promise<Map<string, KnownTask>> {
  const rows = await db.query<KnownTask & { task_id: string }>(
    `select task_id, queue, ttl, trigger_source as "triggerSource" from worker_task
     where worker_id = (select id from worker order by seq desc limit 1)`,
  );
  return new Map(rows.map(({ task_id, ...task }) => [task_id, task]));
}
