import { metadata, queue, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { processOrder } from "@/lib/orders/process-order";
import { step } from "../_step";

export const ProcessOrderOutput = z.object({
  /** False where the order ended without a charge; its page and a mail say why. */
  success: z.boolean(),
  orderId: z.string(),
  paymentId: z.string(),
  processedAt: z.iso.datetime(),
});

export const processOrderQueue = queue({ name: "process-order", concurrencyLimit: 10 });

/** Takes an authorised order to confirmed, or undoes it. May run again at any time: the card is charged at most once. */
export const processOrderTask = schemaTask({
  id: "process-order",
  schema: z.object({ orderId: idSchema("order") }),
  queue: processOrderQueue,
  retry: { maxAttempts: 3, minTimeoutInMs: 5_000, maxTimeoutInMs: 60_000, factor: 2, randomize: true },
  run: ({ orderId }) =>
    step(async () => {
      const processed = await processOrder({
        orderId,
        now: new Date(),
        report: ({ step, status, progress }) =>
          metadata.set("step", step).set("status", status).set("progress", progress),
      });
      return ProcessOrderOutput.parse(processed);
    }),
});
