import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { forgetChanges } from "@/lib/imports/undo/forget-changes";
import { step } from "../_step";

export const ForgetImportChangesOutput = z.object({ imports: z.int(), changes: z.int() });

/** Forgets what old imports changed, which nobody will undo any more. */
export const forgetImportChangesTask = schedules.task({
  id: "forget-import-changes",
  cron: "30 3 * * *",
  ttl: "1h",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const forgotten = await forgetChanges({ now: new Date() });
      metadata.set("status", `${forgotten.imports} more imports cannot be undone any more.`);
      return ForgetImportChangesOutput.parse(forgotten);
    }),
});
