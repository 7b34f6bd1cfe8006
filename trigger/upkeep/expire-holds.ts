import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { expireHolds } from "@/lib/orders/expire-holds";
import { step } from "../_step";

export const ExpireHoldsOutput = z.object({ expired: z.int(), paid: z.int(), failed: z.int() });

/** Gives stock back that nobody paid for in time. */
export const expireHoldsTask = schedules.task({
  id: "expire-holds",
  cron: "* * * * *",
  ttl: "5m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const swept = await expireHolds({ now: new Date() });
      metadata.set("status", `Ended ${swept.expired} unpaid orders; ${swept.failed} could not be ended yet.`);
      return ExpireHoldsOutput.parse(swept);
    }),
});
