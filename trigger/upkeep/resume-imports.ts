import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { resumeImports } from "@/lib/imports/resume-imports";
import { isRunOver } from "@/lib/runs/is-run-over";
import { step } from "../_step";

export const ResumeImportsOutput = z.object({ resumed: z.int(), ended: z.int() });

/** Takes up imports whose run vanished: a killed process ends its run without another attempt. */
export const resumeImportsTask = schedules.task({
  id: "resume-imports",
  cron: "* * * * *",
  ttl: "5m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const swept = await resumeImports({ isRunOver, now: new Date() });
      metadata.set("status", `Took up ${swept.resumed} imports again; gave up ${swept.ended}.`);
      return ResumeImportsOutput.parse(swept);
    }),
});
