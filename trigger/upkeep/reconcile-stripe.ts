import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { sendFindings } from "@/lib/notifications/send-findings";
import { raiseStuck } from "@/lib/reconcile/raise-stuck";
import { type Reconciled, reconcileStripe } from "@/lib/reconcile/reconcile-stripe";
import { step } from "../_step";

export const ReconcileStripeOutput = z.object({
  /** Events that no webhook had brought. */
  events: z.int(),
  repaired: z.int(),
  raised: z.int(),
  failed: z.int(),
  finished: z.boolean(),
});

/** Compares the store with Stripe: takes in what no webhook told, and raises to staff what must not be mended here. */
export const reconcileStripeTask = schedules.task({
  id: "reconcile-stripe",
  cron: "*/10 * * * *",
  ttl: "10m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const now = new Date();
      const reconciled = await reconcileOrTell(now);
      const { events, repaired, raised, finished } = reconciled;
      metadata.set(
        "status",
        `Took in ${events} events, mended ${repaired} payments, refunds and disputes, and raised ${raised} to staff.${finished ? "" : " There is more to look at."}`,
      );
      return ReconcileStripeOutput.parse(reconciled);
    }),
});

/** While Stripe is away, what waits for it is what staff have to hear of. */
async function reconcileOrTell(now: Date): Promise<Reconciled> {
  const reconciled = await reconcileStripe({ now }).catch((error: unknown) => ({ error }));
  const stuck = await raiseStuck({ now });
  await sendFindings({ now });
  if ("error" in reconciled) throw reconciled.error;
  return { ...reconciled, raised: reconciled.raised + stuck };
}
