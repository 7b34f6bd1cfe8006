import type { Tx } from "../db/database";
import { applyOperations, isMetadataOperation, type MetadataOperation } from "./metadata-operations";
import { requireMetadataSize } from "./new-run";
import { deserialize } from "./packets";
import { lockRun, type Run, updateRun } from "./run";

export type MetadataChanges = {
  metadata?: Record<string, unknown> | undefined;
  operations?: MetadataOperation[] | undefined;
  parentOperations?: MetadataOperation[] | undefined;
  rootOperations?: MetadataOperation[] | undefined;
};

/** Changes a locked run's metadata, and what the run asks to be changed on its parent and root, in one transaction. */
export async function changeMetadata(tx: Tx, run: Run, changes: MetadataChanges): Promise<Record<string, unknown>> {
  if (changes.parentOperations?.length) await changeRelative(tx, run.parent_id ?? run.id, changes.parentOperations);
  if (changes.rootOperations?.length) await changeRelative(tx, run.root_id ?? run.id, changes.rootOperations);
  // With no parent or root of its own, a run's operations on them are its own: read what they left.
  const current = (await lockRun(tx, run.id)) ?? run;
  // Operations count, even none, where both are given.
  const next = changes.operations
    ? applyOperations(metadataOf(current), changes.operations)
    : (changes.metadata ?? metadataOf(current));
  if (changes.operations ? changes.operations.length > 0 : changes.metadata) await storeMetadata(tx, run.id, next);
  return next;
}

async function changeRelative(tx: Tx, id: string, operations: MetadataOperation[]): Promise<void> {
  const relative = await lockRun(tx, id);
  if (relative) await storeMetadata(tx, id, applyOperations(metadataOf(relative), operations));
}

async function storeMetadata(tx: Tx, id: string, metadata: Record<string, unknown>): Promise<void> {
  const text = JSON.stringify(metadata);
  requireMetadataSize(text);
  await updateRun(tx, id, { metadata: text, metadata_type: "application/json" });
}

export function metadataOf(run: Pick<Run, "metadata" | "metadata_type">): Record<string, unknown> {
  const value = run.metadata === null ? {} : deserialize(run.metadata, run.metadata_type);
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What the worker had not sent yet when its attempt ended: either operations, or the whole object (older SDKs). */
export async function applyFlushedMetadata(
  tx: Tx,
  run: Run,
  packet: { data?: string | undefined; dataType: string },
): Promise<void> {
  if (packet.data === undefined) return;
  const value = deserialize(packet.data, packet.dataType);
  if (value === null || typeof value !== "object") return;
  const flushed = value as Record<string, unknown>;
  const operations = (name: string) =>
    Array.isArray(flushed[name]) ? flushed[name].filter(isMetadataOperation) : undefined;
  const isOperations = ["operations", "parentOperations", "rootOperations"].some((name) =>
    Array.isArray(flushed[name]),
  );
  await changeMetadata(
    tx,
    run,
    isOperations
      ? {
          operations: operations("operations"),
          parentOperations: operations("parentOperations"),
          rootOperations: operations("rootOperations"),
        }
      : { metadata: flushed },
  );
}
