import { queuedImport } from "@/bench/support/import/queued-import";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import type { ImportType } from "@/lib/imports/import-type";
import { runImport } from "@/lib/imports/run-import";

/** An import of this text that waits for its run. */
export async function startImport({ type, text }: { type: ImportType; text: string }): Promise<ImportId> {
  const importId = await queuedImport(pieces(Buffer.from(text)));
  await db().import.update({ where: { id: importId }, data: { type } });
  return importId;
}

/** Imports this text, with nobody to disturb it. */
export async function importUndisturbed(file: { type: ImportType; text: string }): Promise<void> {
  await runImport({ importId: await startImport(file), runId: "run_undisturbed", clock: () => new Date() });
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const size = 1024 * 1024;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
