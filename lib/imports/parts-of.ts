import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { Candidate } from "./candidate";
import type { ImportKind } from "./kinds/import-kind";

/** Of what is there already, so much is in memory at once, but for a single item that is larger. */
const bytesMax = 16 * 1024 * 1024;

/**
 * A portion in pieces, each of which replaces no more than what fits into memory: a portion is bounded by what it says, and
 * what it replaces may be a thousand times as large.
 */
export async function partsOf<Item>(
  tx: BulkTx,
  kind: ImportKind<Item>,
  chunk: readonly Candidate<Item>[],
): Promise<(readonly Candidate<Item>[])[]> {
  if (!kind.sizesBefore) return [chunk];
  const withItem = chunk.filter(({ item }) => item !== undefined);
  const sizes = await kind.sizesBefore(
    tx,
    withItem.map(({ item }) => item as Item),
  );
  const sizeOf = new Map(withItem.map((candidate, index) => [candidate, sizes[index] ?? 0]));
  const parts: Candidate<Item>[][] = [[]];
  let bytes = 0;
  for (const candidate of chunk) {
    const size = sizeOf.get(candidate) ?? 0;
    if (bytes + size > bytesMax && parts.at(-1)?.length) {
      parts.push([]);
      bytes = 0;
    }
    bytes += size;
    parts.at(-1)?.push(candidate);
  }
  return parts;
}
