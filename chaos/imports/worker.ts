// Runs one import, or undoes it, in a process of its own, which is there to be killed. Waits to be told the run that it is,
// and tells its parent of each portion.
import { once } from "node:events";
import { bulkPool } from "@/lib/db/bulk-pool";
import { closeDb, db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import type { ImportId } from "@/lib/ids";
import { ImportStateError } from "@/lib/imports/errors";
import { runImport } from "@/lib/imports/run-import";
import { gaveWayCode } from "./gave-way";

const { CHAOS_IMPORT, CHAOS_PORTION } = process.env;
// Warm, so that it is there at once when it is set beside another one.
await db().import.findUnique({ where: { id: CHAOS_IMPORT } });
await bulkPool().query("select 1");
process.send?.({ isReady: true });
const [{ runId }] = (await once(process, "message")) as [{ runId: string }];

const isDone = await runImport({
  importId: CHAOS_IMPORT as ImportId,
  runId,
  clock: () => new Date(),
  chunkRows: Number(CHAOS_PORTION),
  report: ({ phase, rowsRead, bytesDone }) => void process.send?.({ done: phase === "undoing" ? bytesDone : rowsRead }),
}).then(
  () => true,
  (error: unknown) => {
    if (isOvertaken(error)) return false;
    throw error;
  },
);
await closeDb();
// At once: who waits for its end has another one at work.
process.exit(isDone ? 0 : gaveWayCode);

function isOvertaken(error: unknown): boolean {
  return error instanceof ImportStateError || (error instanceof TemporaryError && error.vendor === "import");
}
