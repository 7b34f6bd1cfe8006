import { heartbeats, metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { endImport } from "@/lib/imports/end-import";
import { progressMeter } from "@/lib/imports/progress-meter";
import { runImport } from "@/lib/imports/run-import";
import { step } from "../_step";

export const ImportLargeDatasetOutput = z.object({
  /** Items of its kind: products, orders and so on. */
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  /** Rows that were not taken; the import's page names each with its reason. */
  refused: z.int(),
  /** Rows of the file. */
  total: z.int(),
  durationMs: z.int(),
});

const clock = () => new Date();

type Undone = { putBack: number; kept: number };

function undoneText({ putBack, kept }: Undone): string {
  const figure = (count: number) => count.toLocaleString("en-IE");
  return `Put back: ${figure(putBack)}${kept > 0 ? `; left as they are: ${figure(kept)}` : ""}.`;
}

function changesOf({ putBack, kept }: Undone) {
  return { done: putBack + kept, total: putBack + kept, unit: "changes" };
}

/**
 * Reads a file, or what another import refused, into the store, or puts back what it changed. Run again, after whatever
 * interrupted it, it goes on where the stored rows end. Vendors that are down get some twenty minutes to come back.
 */
export const importLargeDatasetTask = schemaTask({
  id: "import-large-dataset",
  schema: z.object({ importId: idSchema("import") }),
  queue: { concurrencyLimit: 2 },
  maxDuration: 7200,
  retry: { maxAttempts: 10, minTimeoutInMs: 1_000, maxTimeoutInMs: 300_000, factor: 3, randomize: true },
  run: ({ importId }, { ctx }) =>
    step(async () => {
      const meter = progressMeter({ clock });
      metadata.set("step", "read");
      const result = await runImport({
        importId,
        runId: ctx.run.id,
        clock,
        report: async (progress) => {
          const shown = meter(progress);
          for (const [key, value] of Object.entries(shown ?? {})) metadata.set(key, value);
          // Reading and writing rows keeps the event loop busy; without this the platform takes the run for dead.
          await heartbeats.yield();
        },
      });
      const { created, updated, unchanged, refused, total, undone } = result;
      metadata
        .set("step", "done")
        .set("status", undone ? undoneText(undone) : `All ${total.toLocaleString("en-IE")} rows are read.`)
        .set("rows", total)
        .set("progress", undone ? changesOf(undone) : { done: total, total, unit: "rows" })
        .set("secondsLeft", 0)
        .set("counts", { created, updated, unchanged, refused });
      return ImportLargeDatasetOutput.parse(result);
    }),
  onFailure: ({ payload: { importId }, ctx }) =>
    endImport({
      importId,
      runId: ctx.run.id,
      status: "failed",
      reason: "The import could not go on, although it was tried several times. Start it again: what is in stays.",
      now: clock(),
    }),
  onCancel: ({ payload: { importId }, ctx }) =>
    endImport({
      importId,
      runId: ctx.run.id,
      status: "cancelled",
      reason: "Its run was cancelled.",
      now: clock(),
    }),
});
