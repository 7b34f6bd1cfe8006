import { setMaxListeners } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app";
import { isUnreachable, openDatabase } from "./db/database";
import { openListener, pause } from "./db/listener";
import { migrate } from "./db/migrate";
import { Watched } from "./dev-socket";
import { BulkRunner } from "./engine/bulk-runner";
import type { Server } from "./engine/context";
import { findInstallation } from "./engine/installation";
import { watchTasks } from "./engine/known-tasks";
import { startRetention } from "./engine/retention";
import { createRunInserter } from "./engine/run-inserter";
import { startTimerLoop } from "./engine/timer-loop";
import { settingsFrom, type TriggerServerOptions } from "./options";
import { startSockets } from "./sockets";
import { TraceWriter } from "./traces/trace-writer";

const databaseWaitMs = 10_000;
/** How long a closing server waits for the answers that are under way. */
const answerMs = 250;

export type RunningTriggerServer = { url: string; port: number; close: () => Promise<void> };

/**
 * Starts a Trigger.dev-compatible server on loopback. All state is in schema `trigger_local` of the database, so a
 * server may be killed at any time and started again; several servers may share one database.
 */
export async function startTriggerServer(options: TriggerServerOptions): Promise<RunningTriggerServer> {
  if (process.env.NODE_ENV === "production") {
    throw new Error(
      "The local Trigger.dev server does not start with NODE_ENV=production: its keys are for development only.",
    );
  }
  const settings = settingsFrom(options);
  await whenReachable(() => migrate(settings.databaseUrl));
  const backends = new Set<number>();
  const listener = await whenReachable(() => openListener(settings.databaseUrl, backends));
  const db = openDatabase(settings.databaseUrl, { onMessages: listener.announce, backends });
  try {
    const installation = await whenReachable(() => findInstallation(db, settings.projectRef));
    const http = createServer();
    const port = await listen(http, settings.port);
    return serve({ db, listener, settings, installation }, http, port);
  } catch (error) {
    await listener.close();
    await db.end();
    throw error;
  }
}

type Parts = Pick<Server, "db" | "listener" | "settings" | "installation">;

function serve(parts: Parts, http: HttpServer, port: number): RunningTriggerServer {
  const url = `http://127.0.0.1:${port}`;
  const closing = new AbortController();
  // Every held request waits for it.
  setMaxListeners(0, closing.signal);
  const watched = new Watched();
  const origin = parts.settings.publicUrl ?? url;
  const traces = new TraceWriter(parts.db);
  const bulk = new BulkRunner();
  const server: Server = {
    ...parts,
    origin,
    closing: closing.signal,
    presence: watched,
    tasks: watchTasks(parts.db, parts.listener),
    insertRun: createRunInserter(parts.db),
    traces,
    bulk,
  };

  http.on("request", getRequestListener(createApp(server).fetch));
  const sockets = startSockets(http, server, watched);
  const timers = startTimerLoop(server);
  const retention = startRetention(server);
  const bulkActions = bulk.start(server);

  return {
    url,
    port,
    close: async () => {
      closing.abort();
      const closed = Promise.all([new Promise((resolve) => http.close(resolve)), sockets.close()]);
      // Held requests are answered now. A client that keeps its connection open, as the CLI does, is not waited for.
      await Promise.race([closed, pause(answerMs)]);
      http.closeAllConnections();
      await Promise.all([closed, timers.done, retention.done, bulkActions.done]);
      await traces.close();
      await parts.listener.close();
      await parts.db.end();
    },
  };
}

/** A database that is just (re)starting gets some seconds; one that is not there is an error. */
async function whenReachable<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + databaseWaitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnreachable(error) || Date.now() > deadline) throw error;
      await pause(250);
    }
  }
}

async function listen(http: HttpServer, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", resolve);
  });
  return (http.address() as AddressInfo).port;
}
