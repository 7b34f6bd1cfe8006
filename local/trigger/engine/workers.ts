import type { BackgroundWorkerMetadata } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Tx } from "../db/database";
import { notifyQueue } from "../db/notify";
import type { Server } from "./context";
import { syncDeclaredSchedules } from "./declared-schedules";
import { newId } from "./ids";
import { Refusal } from "./refusal";

export type Worker = { id: string; version: string; runtime: string | null; content_hash: string };
export type WorkerManifest = z.infer<typeof BackgroundWorkerMetadata>;

/**
 * Registers a version of the project's code: its tasks, queues and declared schedules. The same code registered again
 * is a new version with the same content.
 */
export async function registerWorker(server: Server, manifest: WorkerManifest): Promise<Worker> {
  requireUniqueTasks(manifest);
  requireSupported(manifest);
  return server.db.transaction(async (tx) => {
    await tx.query("lock table worker in share row exclusive mode");
    const worker = await insertWorker(tx, manifest);
    for (const queue of queuesOf(manifest)) await upsertQueue(tx, queue);
    await insertTasks(tx, worker.id, manifest);
    await syncDeclaredSchedules(tx, manifest.tasks);
    notifyQueue(tx);
    tx.notify("tasks");
    return worker;
  });
}

export async function findWorker(db: Pick<Tx, "query">, id: string): Promise<Worker | null> {
  const [worker] = await db.query<Worker>("select id, version, runtime, content_hash from worker where id = $1", [id]);
  return worker ?? null;
}

function requireUniqueTasks(manifest: WorkerManifest): void {
  const seen = new Set<string>();
  for (const { id } of manifest.tasks) {
    if (seen.has(id)) throw new Refusal(400, `Two tasks have the id "${id}". Give one of them another id.`);
    seen.add(id);
  }
}

/** A limit that would not be kept is refused: tasks that run together against their declaration would be worse. */
function requireSupported(manifest: WorkerManifest): void {
  const refuse = (where: string, option: string) => {
    throw new Refusal(
      501,
      `${where} declares "${option}", which the local Trigger.dev server does not have. Use a queue's concurrencyLimit and concurrency keys, or leave it out while you develop.`,
    );
  };
  for (const task of manifest.tasks) {
    const where = `The task "${task.id}"`;
    if (task.gates?.length) refuse(where, "gates");
    if (task.concurrency) refuse(where, "concurrency");
    if (task.queue?.combinedConcurrencyLimit != null) refuse(where, "queue.combinedConcurrencyLimit");
  }
  for (const queue of manifest.queues ?? [])
    if (queue.combinedConcurrencyLimit != null) refuse(`The queue "${queue.name}"`, "combinedConcurrencyLimit");
}

async function insertWorker(tx: Tx, manifest: WorkerManifest): Promise<Worker> {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const [last] = await tx.query<{ number: number }>(
    "select coalesce(max(split_part(version, '.', 2)::int), 0) as number from worker where version like $1 || '.%'",
    [day],
  );
  const [worker] = await tx.query<Worker>(
    `insert into worker (id, version, content_hash, runtime, metadata) values ($1, $2, $3, $4, $5)
     returning id, version, runtime, content_hash`,
    [
      newId(),
      `${day}.${(last?.number ?? 0) + 1}`,
      manifest.contentHash,
      manifest.runtime ?? null,
      JSON.stringify({ cliPackageVersion: manifest.cliPackageVersion, packageVersion: manifest.packageVersion }),
    ],
  );
  if (!worker) throw new Error("insert returned no row");
  return worker;
}

type QueueDeclaration = { name: string; type: "task" | "custom"; limit: number | null };

function queuesOf(manifest: WorkerManifest): QueueDeclaration[] {
  const queues = new Map<string, QueueDeclaration>();
  for (const queue of manifest.queues ?? []) {
    queues.set(queue.name, { name: queue.name, type: "custom", limit: queue.concurrencyLimit ?? null });
  }
  for (const task of manifest.tasks) {
    const name = task.queue?.name ?? `task/${task.id}`;
    const known = queues.get(name);
    const type = name === `task/${task.id}` ? "task" : "custom";
    queues.set(name, { name, type, limit: task.queue?.concurrencyLimit ?? known?.limit ?? null });
  }
  return [...queues.values()];
}

async function upsertQueue(tx: Tx, { name, type, limit }: QueueDeclaration): Promise<void> {
  await tx.query(
    `insert into queue (name, id, type, base_limit) values ($1, $2, $3, $4)
     on conflict (name) do update set base_limit = excluded.base_limit, type = excluded.type`,
    [name, `queue_${newId()}`, type, limit],
  );
}

async function insertTasks(tx: Tx, workerId: string, manifest: WorkerManifest): Promise<void> {
  const rows = manifest.tasks.map((task) => ({
    worker_id: workerId,
    task_id: task.id,
    file_path: task.filePath,
    export_name: task.exportName ?? null,
    queue: task.queue?.name ?? `task/${task.id}`,
    trigger_source: task.triggerSource ?? null,
    max_attempts: task.retry?.maxAttempts ?? null,
    retry: task.retry ?? null,
    machine: task.machine ?? null,
    max_duration: task.maxDuration ?? null,
    ttl: typeof task.ttl === "number" ? `${task.ttl}s` : (task.ttl ?? null),
    payload_schema: task.payloadSchema ?? null,
  }));
  await tx.query("insert into worker_task select * from jsonb_populate_recordset(null::worker_task, $1)", [
    JSON.stringify(rows),
  ]);
}
