// Runs one import in a process of its own, which is there to be killed. Tells its parent of each portion.
import { closeDb } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { runImport } from "@/lib/imports/run-import";

const { CHAOS_IMPORT, CHAOS_RUN = "", CHAOS_PORTION } = process.env;

try {
  await runImport({
    importId: CHAOS_IMPORT as ImportId,
    runId: CHAOS_RUN,
    clock: () => new Date(),
    chunkRows: Number(CHAOS_PORTION),
    report: ({ rowsRead }) => void process.send?.({ rowsRead }),
  });
} finally {
  await closeDb();
}
process.disconnect();
