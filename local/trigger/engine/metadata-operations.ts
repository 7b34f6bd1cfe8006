import { applyMetadataOperations } from "@trigger.dev/core/v3";
import type { RunMetadataChangeOperation } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";

/** One change of a run's metadata. A key that begins with `$.` is a path. */
export type MetadataOperation = z.infer<typeof RunMetadataChangeOperation>;

const types = new Set(["set", "delete", "append", "remove", "increment", "update"]);

export function isMetadataOperation(value: unknown): value is MetadataOperation {
  return value !== null && typeof value === "object" && "type" in value && types.has(String(value.type));
}

/**
 * The metadata after the operations; the given object is not changed. The SDK's own function does it, because the run's
 * process applies the same operations to its copy: whatever paths mean (they have rules of their own), both must agree.
 * What it can not apply, a path into the prototype among others, is left out.
 */
export function applyOperations(
  metadata: Record<string, unknown>,
  operations: MetadataOperation[],
): Record<string, unknown> {
  try {
    return applyMetadataOperations(metadata, operations).newMetadata;
  } catch {
    if (operations.length === 1) return metadata;
    return operations.reduce((current, operation) => applyOperations(current, [operation]), metadata);
  }
}
