import type { ReplayRunRequestBody } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";
import type { Tx } from "../db/database";
import type { Server } from "./context";
import { friendly } from "./ids";
import { metadataOf } from "./metadata";
import { newRun, type TriggerOptions } from "./new-run";
import { packetOfPayload } from "./packets";
import { Refusal } from "./refusal";
import { findRun, type Run } from "./run";
import { findTask } from "./tasks";
import { insertOrFind } from "./trigger-run";

export type ReplayOverrides = z.infer<typeof ReplayRunRequestBody>;

/**
 * A new run with the payload, tags, queue, machine and first metadata of an old one, except for what is overridden. It
 * has no parent and no key; delay, ttl, priority and limits are the task's own again, as on the real server.
 */
export async function replayRun(server: Server, runId: string, overrides: ReplayOverrides): Promise<Pick<Run, "id">> {
  const original = await findRun(server.db, runId);
  if (!original) throw new Refusal(404, "Run not found");
  return server.db.transaction((tx) => replayIn(tx, server, original, overrides));
}

/** The same inside a transaction of the caller. */
export async function replayIn(
  tx: Tx,
  server: Server,
  original: Run,
  overrides: ReplayOverrides,
): Promise<Pick<Run, "id">> {
  const candidate = newRun({
    taskId: original.task_id,
    payload:
      overrides.payload === undefined ? original.payload : packetOfPayload(overrides.payload, overrides.payloadType),
    options: { ...settingsOf(original), ...wanted(overrides) },
    now: new Date(),
    task: await findTask(tx, original.task_id),
    parent: null,
    defaultTtl: server.settings.defaultTtl,
  });
  const annotations = { ...candidate.annotations, triggerAction: "replay" };
  const { run } = await insertOrFind(tx, { ...candidate, annotations, replayed_from: friendly("run", original.id) });
  return run;
}

function settingsOf(run: Run): TriggerOptions {
  return {
    payloadType: run.payload_type,
    queue: { name: run.queue },
    concurrencyKey: run.concurrency_key ?? undefined,
    tags: run.tags,
    test: run.is_test,
    machine: (run.machine as TriggerOptions["machine"]) ?? undefined,
    metadata: run.seed_metadata === null ? undefined : seedOf(run),
  };
}

function seedOf({ seed_metadata, seed_metadata_type }: Run) {
  return metadataOf({ metadata: seed_metadata, metadata_type: seed_metadata_type });
}

/** Only what was really given: a missing override must not hide the original's value. */
function wanted({ payload, payloadType, queue, version, ...rest }: ReplayOverrides): TriggerOptions {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(payload === undefined ? {} : { payloadType: payloadType ?? "application/json" }),
    ...(queue === undefined ? {} : { queue: { name: queue } }),
    ...(version === undefined ? {} : { lockToVersion: version }),
  };
}
