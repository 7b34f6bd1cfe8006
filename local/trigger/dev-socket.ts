import type { Server as HttpServer } from "node:http";
import { Server as SocketServer } from "socket.io";
import type { Server } from "./engine/context";
import { friendly, internal } from "./engine/ids";
import { stallRuns } from "./engine/stalled-run";

type RunIds = { version: "1"; runFriendlyIds: string[] };
type FromWorker = { "run:subscribe": (message: RunIds) => void; "run:unsubscribe": (message: RunIds) => void };
type ToWorker = { "run:notify": (message: { version: "1"; run: { friendlyId: string } }) => void };

/**
 * The workers' socket: tells them which run has a new snapshot, and tells us, by closing, that a worker is gone.
 * Runs it had subscribed to that no other socket takes over in time count as stalled.
 */
export function startDevSocket(http: HttpServer, server: Server): { close: () => Promise<void> } {
  const io = new SocketServer<FromWorker, ToWorker>(http, { transports: ["websocket"], serveClient: false });
  const workers = io.of("/dev-worker");
  const subscribers = new Map<string, number>();

  workers.use((socket, next) => {
    const token = (socket.handshake.headers.authorization ?? "").replace(/^Bearer\s+/i, "");
    next(token === server.settings.secretKey ? undefined : new Error("Invalid API key"));
  });

  workers.on("connection", (socket) => {
    const mine = new Set<string>();
    const leave = (runId: string) => {
      if (!mine.delete(runId)) return;
      const left = (subscribers.get(runId) ?? 1) - 1;
      if (left > 0) subscribers.set(runId, left);
      else subscribers.delete(runId);
    };
    socket.on("run:subscribe", ({ runFriendlyIds }) => {
      for (const id of runFriendlyIds.map((friendlyId) => internal("run", friendlyId))) {
        if (mine.has(id)) continue;
        mine.add(id);
        subscribers.set(id, (subscribers.get(id) ?? 0) + 1);
        void socket.join(id);
      }
    });
    socket.on("run:unsubscribe", ({ runFriendlyIds }) => {
      for (const id of runFriendlyIds.map((friendlyId) => internal("run", friendlyId))) {
        leave(id);
        void socket.leave(id);
      }
    });
    socket.on("disconnect", () => {
      const orphans = [...mine];
      for (const id of orphans) leave(id);
      if (orphans.length > 0) stallLater(orphans);
    });
  });

  const stallLater = (runIds: string[]) => {
    const timer = setTimeout(() => {
      if (server.closing.aborted) return;
      const gone = runIds.filter((id) => !subscribers.has(id));
      stallRuns(server, gone).catch((error: unknown) =>
        console.error("trigger-local: could not requeue runs of a lost worker", error),
      );
    }, server.settings.stallGraceMs);
    timer.unref();
  };

  const notify = (runId: string) => {
    const message = { version: "1", run: { friendlyId: friendly("run", runId) } } as const;
    workers.to(runId).emit("run:notify", message);
    // The CLI drops a notification that arrives while it handles another one, and would then poll 5 s later.
    for (const delayMs of [60, 300]) setTimeout(() => workers.to(runId).emit("run:notify", message), delayMs).unref();
  };
  server.listener.on("worker", notify);
  return {
    close: async () => {
      server.listener.off("worker", notify);
      await io.close();
    },
  };
}
