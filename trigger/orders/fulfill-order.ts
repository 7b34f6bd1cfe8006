import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { idSchema } from "@/lib/ids";
import { step } from "../_step";

export const FulfillOrderOutput = z.object({
  outcome: z.enum(["packed", "already-packed", "not-ready"]),
  trackingNumber: z.string().nullable(),
});

const sentences: Record<z.infer<typeof FulfillOrderOutput>["outcome"], string> = {
  packed: "Your parcel is packed and waits for the courier.",
  "already-packed": "Your parcel was packed before.",
  "not-ready": "The order is not confirmed, so nothing was packed.",
};

/** Packs a confirmed order: one shipment, however often and by how many this is run. */
export const fulfillOrderTask = schemaTask({
  id: "fulfill-order",
  schema: z.object({ orderId: idSchema("order") }),
  queue: { concurrencyLimit: 10 },
  run: ({ orderId }) =>
    step(async () => {
      metadata.set("status", "Your order is being packed.");
      const fulfilled = await fulfillOrder({ orderId, now: new Date() });
      metadata.set("status", sentences[fulfilled.outcome]);
      return FulfillOrderOutput.parse(fulfilled);
    }),
});
