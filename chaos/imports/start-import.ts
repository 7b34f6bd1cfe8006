import { queuedImport } from "@/bench/support/import/queued-import";
import type { ImportId } from "@/lib/ids";

/** An import of this text that waits for its run. */
export function startImport(text: string): Promise<ImportId> {
  return queuedImport(pieces(Buffer.from(text)));
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const size = 1024 * 1024;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
