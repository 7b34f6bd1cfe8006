import { DevDequeueRequestBody, TaskRunExecutionResult } from "@trigger.dev/core/v3/schemas";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { pause, watch } from "../db/listener";
import { completeAttempt } from "../engine/complete-attempt";
import type { Server } from "../engine/context";
import { type Dequeued, dequeue } from "../engine/dequeue";
import { friendly, internal } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import { findRun, type Run } from "../engine/run";
import type { Snapshot } from "../engine/snapshots";
import { type Assignment, assignmentsOf, stallRuns } from "../engine/stalled-run";
import { startAttempt } from "../engine/start-attempt";
import type { WorkerTask } from "../engine/tasks";
import { workerEnv } from "../engine/worker-env";
import { findWorker, type Worker } from "../engine/workers";
import { requireSecret } from "../http/auth";
import { readJson } from "../http/body";
import { completedWaitpoints, dequeuedMessage, wireExecution, wireRunState, wireSnapshot } from "../wire";

const presenceMs = 30_000;
const dequeueMax = 10;
const CompletionBody = z.object({ completion: TaskRunExecutionResult });
const DisconnectBody = z.object({ runFriendlyIds: z.array(z.string()).max(10_000) });

/** What a worker (`trigger dev`) does: take runs, start and complete attempts, ask for the newest snapshot. */
export function devRoutes(server: Server): Hono {
  const { db, installation, settings, origin } = server;
  const app = new Hono().basePath("/engine/v1/dev");

  app.use(async (c, next) => {
    await requireSecret(c, server);
    await next();
  });

  app.get("/config", (c) =>
    c.json({
      environmentId: installation.environmentId,
      // The dequeue call is held until there is work, so there is nothing to wait for between two of them.
      dequeueIntervalWithRun: 0,
      dequeueIntervalWithoutRun: 20,
      // The CLI counts waiting runs too; the server's own limit does not, and is the one that decides.
      maxConcurrentRuns: Math.max(300, settings.concurrencyMax * 3),
      engineUrl: origin,
    }),
  );

  app.get("/presence", (c) =>
    streamSSE(c, async (stream) => {
      const until = Date.now() + presenceMs;
      await stream.writeSSE({ event: "start", data: "Started" });
      while (!stream.aborted && !server.closing.aborted && Date.now() < until) {
        await pause(4_000, server.closing);
        await stream.writeSSE({ event: "time", data: new Date().toISOString() });
      }
    }),
  );

  app.post("/dequeue", async (c) => {
    const body = await readJson(c, DevDequeueRequestBody);
    const worker = await findWorker(db, internal("worker", body.currentWorker));
    if (!worker) throw new Refusal(404, "This worker is not registered here. Restart `trigger dev`.");
    const dequeued = await dequeueHeld(server, worker, c.req.raw.signal);
    return c.json({ dequeuedMessages: dequeued.map((one) => dequeuedMessage(server, one)) });
  });

  app.post("/disconnect", async (c) => {
    const { runFriendlyIds } = await readJson(c, DisconnectBody);
    // A run that another worker has taken over already is no longer the caller's to give up.
    const orphans = runFriendlyIds.map((id) => internal("run", id)).filter((id) => !server.presence.isWatched(id));
    await stallRuns(server, await assignmentsOf(server, orphans));
    return c.json({ cancelled: runFriendlyIds.length });
  });

  app.get("/runs/:run/snapshots/latest", async (c) => {
    const run = await requireRun(server, c.req.param("run"));
    const [snapshot] = await db.query<Snapshot>("select * from snapshot where id = $1", [run.snapshot_id]);
    if (!snapshot) throw new Refusal(404, "Snapshot not found");
    return c.json({
      execution: {
        version: "1",
        snapshot: wireSnapshot(snapshot),
        run: wireRunState(run),
        ...(run.batch_id === null ? {} : { batch: { id: run.batch_id, friendlyId: friendly("batch", run.batch_id) } }),
        completedWaitpoints: await completedWaitpoints(db, snapshot.id),
      },
    });
  });

  app.post("/runs/:run/snapshots/:snapshot/attempts/start", async (c) => {
    const { run, snapshot } = await startAttempt(server, ...named(c.req.param()));
    const [task] = await db.query<WorkerTask & { queue_id: string | null }>(
      `select worker_task.*, queue.id as queue_id from worker_task left join queue on queue.name = $3
       where worker_id = $1 and task_id = $2`,
      [run.worker_id, run.task_id, run.queue],
    );
    if (!task) throw new Refusal(404, "The worker of this run does not have its task");
    const queue = { id: task.queue_id ?? `queue_${run.queue}`, name: run.queue };
    return c.json({
      run: wireRunState(run),
      snapshot: wireSnapshot(snapshot),
      execution: wireExecution(server, run, task, queue),
      envVars: await workerEnv(server),
    });
  });

  app.post("/runs/:run/snapshots/:snapshot/attempts/complete", async (c) => {
    const { completion } = await readJson(c, CompletionBody);
    const result = await completeAttempt(server, ...named(c.req.param()), completion);
    return c.json({
      result: {
        attemptStatus: result.attemptStatus,
        run: wireRunState(result.run),
        snapshot: wireSnapshot(result.snapshot),
      },
    });
  });

  app.post("/runs/:run/snapshots/:snapshot/heartbeat", async (c) => {
    await db.query(
      "update timer set due_at = now() + $2 * interval '1 millisecond' where kind = 'stalled' and subject = $1",
      [internal("run", c.req.param("run")), settings.heartbeatStallMs],
    );
    return c.json({ ok: true });
  });

  app.post("/runs/:run/logs/debug", (c) => c.body(null, 204));
  return app;
}

function named({ run, snapshot }: { run: string; snapshot: string }): [runId: string, snapshotId: string] {
  return [internal("run", run), internal("snapshot", snapshot)];
}

async function requireRun(server: Server, id: string): Promise<Run> {
  const run = await findRun(server.db, internal("run", id));
  if (!run) throw new Refusal(404, "Run not found");
  return run;
}

/** Answers as soon as there is work, or with nothing when the time is over or the caller went away. */
async function dequeueHeld(server: Server, worker: Worker, gone: AbortSignal): Promise<Dequeued[]> {
  const { db, listener, settings, closing } = server;
  const until = Date.now() + settings.dequeueHoldMs;
  await db.query("update worker set seen_at = now() where id = $1", [worker.id]);
  const signal = AbortSignal.any([gone, closing]);
  const events = watch(listener, ["queue"]);
  try {
    while (!signal.aborted) {
      const { dequeued: found } = await dequeue(server, { worker, max: dequeueMax });
      // Nobody will receive these: hand them back now instead of after the stall time.
      if (signal.aborted) await stallRuns(server, found.map(assignmentOf));
      else if (found.length > 0) return found;
      const left = until - Date.now();
      if (left <= 0) return [];
      await events.wait(Math.min(settings.pollMs, left), signal);
    }
    return [];
  } finally {
    events.close();
  }
}

function assignmentOf({ run, snapshot }: Dequeued): Assignment {
  return { id: run.id, attempt: run.attempt_number, pendingSnapshot: snapshot.id };
}
