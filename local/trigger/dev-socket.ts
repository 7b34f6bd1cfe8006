import type { Namespace } from "socket.io";
import { pause } from "./db/listener";
import type { Server } from "./engine/context";
import { friendly, internal } from "./engine/ids";
import { type Presence, renewLeases } from "./engine/presence";
import { assignmentsOf, stallRuns } from "./engine/stalled-run";

type RunIds = { version: "1"; runFriendlyIds: string[] };
export type FromWorker = { "run:subscribe": (message: RunIds) => void; "run:unsubscribe": (message: RunIds) => void };
export type ToWorker = { "run:notify": (message: { version: "1"; run: { friendlyId: string } }) => void };

const renewMs = 5_000;
/** The CLI drops a notification that arrives while it handles another one, and would then poll up to 5 s later. */
const repeatsMs = [60, 300];

/** Counts how many sockets watch a run. */
export class Watched implements Presence {
  readonly #counts = new Map<string, number>();

  add(runId: string): void {
    this.#counts.set(runId, (this.#counts.get(runId) ?? 0) + 1);
  }

  remove(runId: string): void {
    const left = (this.#counts.get(runId) ?? 1) - 1;
    if (left > 0) this.#counts.set(runId, left);
    else this.#counts.delete(runId);
  }

  isWatched(runId: string): boolean {
    return this.#counts.has(runId);
  }

  watched(): string[] {
    return [...this.#counts.keys()];
  }
}

/**
 * The workers' socket: tells them which run has a new snapshot, and tells us, by closing, that a worker is gone.
 * Runs it had subscribed to that no other socket takes over in time count as stalled.
 */
export function startDevSocket(
  workers: Namespace<FromWorker, ToWorker>,
  server: Server,
  watched: Watched,
): { close: () => void } {
  workers.use((socket, next) => {
    const token = (socket.handshake.headers.authorization ?? "").replace(/^Bearer\s+/i, "");
    next(token === server.settings.secretKey ? undefined : new Error("Invalid API key"));
  });

  workers.on("connection", (socket) => {
    const mine = new Set<string>();
    socket.on("run:subscribe", ({ runFriendlyIds }) => {
      const fresh = runFriendlyIds.map((id) => internal("run", id)).filter((id) => !mine.has(id));
      for (const id of fresh) {
        mine.add(id);
        watched.add(id);
        void socket.join(id);
      }
      background(renewLeases(server, fresh));
    });
    socket.on("run:unsubscribe", ({ runFriendlyIds }) => {
      for (const id of runFriendlyIds.map((friendlyId) => internal("run", friendlyId))) {
        if (mine.delete(id)) watched.remove(id);
        void socket.leave(id);
      }
    });
    socket.on("disconnect", () => {
      for (const id of mine) watched.remove(id);
      if (mine.size > 0 && !server.closing.aborted) background(stallUnlessBack(server, watched, [...mine]));
    });
  });

  const notify = (runId: string) => {
    const message = { version: "1", run: { friendlyId: friendly("run", runId) } } as const;
    workers.to(runId).emit("run:notify", message);
    if (!watched.isWatched(runId)) return;
    for (const delayMs of repeatsMs) setTimeout(() => workers.to(runId).emit("run:notify", message), delayMs).unref();
  };
  server.listener.on("worker", notify);
  const renewal = setInterval(() => background(renewLeases(server, watched.watched())), renewMs);
  return {
    close: () => {
      clearInterval(renewal);
      server.listener.off("worker", notify);
    },
  };
}

async function stallUnlessBack(server: Server, watched: Watched, runIds: string[]): Promise<void> {
  const assignments = await assignmentsOf(server, runIds);
  await pause(server.settings.stallGraceMs, server.closing);
  if (server.closing.aborted) return;
  await stallRuns(
    server,
    assignments.filter(({ id }) => !watched.isWatched(id)),
  );
}

/** What fails here (the database is away) is made up for by the stalled timer, which nobody renews. */
function background(work: Promise<void>): void {
  work.catch((error: unknown) => {
    console.error(`trigger-local: worker presence: ${error instanceof Error ? error.message : String(error)}`);
  });
}
