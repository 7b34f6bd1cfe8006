import { afterAll, beforeAll } from "vitest";
import type { TriggerServerOptions } from "@/local/trigger/options";
import { type RunningTriggerServer, startTriggerServer } from "@/local/trigger/server";
import { emptyDatabase, type TestDatabase } from "@/tests/support/database";

export const secretKey = "tr_dev_local_tests";
export const accessToken = "tr_pat_local_tests";
export const projectRef = "proj_localtests";

/** Settings every test server shares; waits are short, so that tests are. */
export function testOptions(databaseUrl: string): TriggerServerOptions {
  return { port: 0, databaseUrl, secretKey, accessToken, projectRef, dequeueHoldMs: 300, stallGraceMs: 200 };
}

export type TestServer = {
  url: string;
  database: TestDatabase;
  restart: (options?: Partial<TriggerServerOptions>) => Promise<void>;
};

/** One server on a database of its own for the tests of a file. */
export function triggerServerForFile(options: Partial<TriggerServerOptions> = {}): TestServer {
  let running: RunningTriggerServer | undefined;
  const server: TestServer = {
    url: "",
    database: { name: "", url: "", close: async () => undefined },
    restart: async (changed = {}) => {
      await running?.close();
      const port = server.url === "" ? 0 : Number(new URL(server.url).port);
      running = await startTriggerServer({ ...testOptions(server.database.url), ...options, port, ...changed });
      server.url = running.url;
    },
  };
  beforeAll(async () => {
    server.database = await emptyDatabase();
    await server.restart();
  });
  afterAll(async () => {
    await running?.close();
    await server.database.close();
  });
  return server;
}
