import { metadata, schemaTask } from "@trigger.dev/sdk";
import { z } from "zod";
import { finishRemoval } from "@/lib/cards/finish-removal";
import { idSchema } from "@/lib/ids";
import { step } from "../_step";

export const RemoveSavedCardOutput = z.object({ cardId: z.string() });

/** Has Stripe forget a card that a shopper removed. Run twice, it is forgotten once. */
export const removeSavedCardTask = schemaTask({
  id: "remove-saved-card",
  schema: z.object({ cardId: idSchema("savedCard") }),
  queue: { concurrencyLimit: 5 },
  retry: { maxAttempts: 8, minTimeoutInMs: 1_000, maxTimeoutInMs: 120_000, factor: 3, randomize: true },
  run: ({ cardId }) =>
    step(async () => {
      metadata.set("status", "Asking Stripe to forget the card.");
      await finishRemoval({ cardId });
      metadata.set("status", "Stripe has forgotten the card.");
      return RemoveSavedCardOutput.parse({ cardId });
    }),
});
