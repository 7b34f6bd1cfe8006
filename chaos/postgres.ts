import { join } from "node:path";
import { freePort } from "@/local/machine/ports";
import { postgresReady, preparePostgres } from "@/local/postgres/server";
import { childrenOf, isGone, killNow, pause } from "./processes";
import { Program } from "./program";

/** A durable PostgreSQL in the folder, and the superuser's address once it is ready. */
export async function startPostgresProgram(
  folder: string,
  logFile: string,
): Promise<{ postgres: Program; adminUrl: string }> {
  const dataDir = join(folder, "postgres");
  const port = await freePort();
  let adminUrl = "";
  const postgres = new Program({
    name: "postgres",
    logFile,
    command: async () => {
      const prepared = await preparePostgres({ dataDir, port });
      adminUrl = prepared.url;
      return prepared;
    },
    ready: () => postgresReady(adminUrl),
    // Its backends notice the death of their parent, but a little later: a new one could not start beside them.
    killWith: (pid) => {
      const backends = childrenOf(pid);
      return async () => {
        for (const backend of backends) killNow(backend.pid);
        while (!backends.every((backend) => isGone(backend.pid))) await pause(5);
      };
    },
  });
  await postgres.untilReady();
  return { postgres, adminUrl };
}
