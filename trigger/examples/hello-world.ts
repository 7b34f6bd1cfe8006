import { setTimeout as pause } from "node:timers/promises";
import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { step } from "../_step";

export const HelloWorldOutput = z.object({ greeting: z.string() });

const steps = ["Looking up your name.", "Choosing a greeting.", "Writing it down."];

/** Long enough for the eye: metadata travels about once a second. */
const stepMs = 800;

/** The first task to run: watch its status and progress change while it works. */
export const helloWorldTask = schemaTask({
  id: "hello-world",
  schema: z.object({ name: z.string().trim().min(1).max(100).default("world") }),
  run: ({ name }) =>
    step(async () => {
      for (const [done, status] of steps.entries()) {
        metadata.set("status", status).set("progress", { done, total: steps.length, unit: "steps" });
        await pause(stepMs);
      }
      metadata.set("status", "Done.").set("progress", { done: steps.length, total: steps.length, unit: "steps" });
      return HelloWorldOutput.parse({ greeting: `Hello, ${name}! This ran on a worker.` });
    }),
});
