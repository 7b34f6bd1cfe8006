import { createDatabase } from "../../postgres/databases";
import { startPostgres } from "../../postgres/server";
import type { Children } from "./children";
import type { State } from "./state";

export type EmbeddedDatabase = { url: string; stop: () => Promise<void>; lost: Promise<void> };

/** PostgreSQL from npm with its data in the state, and a database in it for this project alone. */
export async function startDatabase(
  state: State,
  projectRef: string,
  children: Children,
  say: (line: string) => void,
): Promise<EmbeddedDatabase> {
  const postgres = await startPostgres({ dataDir: state.postgres, port: 0, detached: true, say });
  children.adopt(postgres.pid, "SIGINT");
  return {
    url: await createDatabase(postgres.url, `trigger_${projectRef}`),
    stop: postgres.close,
    lost: postgres.exited,
  };
}
