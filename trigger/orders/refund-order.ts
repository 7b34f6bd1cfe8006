import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { RefundState } from "@/lib/db/generated/enums";
import { idSchema } from "@/lib/ids";
import { sendRefund } from "@/lib/orders/send-refund";
import { step } from "../_step";

export const RefundOrderOutput = z.object({ refundId: z.string(), state: z.enum(RefundState) });

const sentences: Record<RefundState, string> = {
  requested: "The refund is not at Stripe yet.",
  pending: "Stripe has the refund, and the bank works on it.",
  succeeded: "The money is on its way back to the card.",
  failed: "Stripe did not give the money back.",
  canceled: "The refund was called off at Stripe.",
};

/** Gives back through Stripe what was promised. Run twice, and at once, it gives it back once. */
export const refundOrderTask = schemaTask({
  id: "refund-order",
  schema: z.object({ refundId: idSchema("refund") }),
  queue: { concurrencyLimit: 5 },
  retry: { maxAttempts: 8, minTimeoutInMs: 1_000, maxTimeoutInMs: 120_000, factor: 3, randomize: true },
  run: ({ refundId }) =>
    step(async () => {
      metadata.set("status", "Asking Stripe to give the money back.");
      const refund = await sendRefund({ refundId, now: new Date() });
      metadata.set("status", sentences[refund.state]);
      return RefundOrderOutput.parse(refund);
    }),
});
