import { metadata, schemaTask, wait } from "@trigger.dev/sdk";
import { z } from "zod";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { idSchema, type OrderId } from "@/lib/ids";
import { openDecision } from "@/lib/orders/open-decision";
import { step } from "../_step";

export const FulfillOrderOutput = z.object({
  outcome: z.enum(["packed", "already-packed", "not-ready", "waiting", "refused"]),
  trackingNumber: z.string().nullable(),
});

const sentences: Record<z.infer<typeof FulfillOrderOutput>["outcome"], string> = {
  packed: "Your parcel is packed and waits for the courier.",
  "already-packed": "Your parcel was packed before.",
  "not-ready": "The order is not confirmed, so nothing was packed.",
  waiting: "We are looking at your order before we pack it.",
  refused: "Your order is not packed. We will write to you.",
};

/**
 * Packs a confirmed order: one shipment, however often and by how many this is run. Where a person has to look first it
 * waits on a token that the admin completes, and then looks again: what was decided stands in the table.
 */
export const fulfillOrderTask = schemaTask({
  id: "fulfill-order",
  schema: z.object({ orderId: idSchema("order") }),
  queue: { concurrencyLimit: 10 },
  retry: { maxAttempts: 8, minTimeoutInMs: 1_000, maxTimeoutInMs: 300_000, factor: 3, randomize: true },
  run: ({ orderId }) =>
    step(async () => {
      for (;;) {
        metadata.set("status", "Your order is being packed.");
        const fulfilled = await fulfillOrder({ orderId, now: new Date() });
        metadata.set("status", sentences[fulfilled.outcome]);
        if (fulfilled.outcome === "waiting" && (await decided({ orderId, ...fulfilled }))) continue;
        return FulfillOrderOutput.parse(fulfilled);
      }
    }),
});

/** Waits for staff. False when they have not decided in time. */
async function decided({ orderId, reviewId }: { orderId: OrderId; reviewId: string }): Promise<boolean> {
  const tokenId = await openDecision({ orderId, reviewId });
  return tokenId === null || (await wait.forToken(tokenId)).ok;
}
