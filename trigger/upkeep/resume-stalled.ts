import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { resumeRemovals } from "@/lib/cards/resume-removals";
import { resumeNotices } from "@/lib/notifications/resume-notices";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { resumeRefunds } from "@/lib/orders/resume-refunds";
import { wakeReviews } from "@/lib/orders/wake-reviews";
import { isRunOver } from "@/lib/runs/is-run-over";
import { resumeEvents } from "@/lib/webhooks/resume-events";
import { step } from "../_step";

export const ResumeStalledOutput = z.object({
  orders: z.int(),
  refunds: z.int(),
  events: z.int(),
  notices: z.int(),
  cards: z.int(),
  reviews: z.int(),
});

/** Asks again for what still waits although its run is over, such as after a long outage of Stripe. */
export const resumeStalledTask = schedules.task({
  id: "resume-stalled",
  cron: "*/5 * * * *",
  ttl: "5m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const now = new Date();
      const resumed = {
        orders: await resumeOrders({ isRunOver, now }),
        refunds: await resumeRefunds({ isRunOver, now }),
        events: await resumeEvents({ isRunOver, now }),
        notices: await resumeNotices({ isRunOver, now }),
        cards: await resumeRemovals({ isRunOver, now }),
        reviews: await wakeReviews({ now }),
      };
      const { orders, refunds, events, notices, cards, reviews } = resumed;
      metadata.set(
        "status",
        `Asked again for ${orders} orders, ${refunds} refunds, ${events} events, ${notices} notices and ${cards} cards, ` +
          `and told ${reviews} runs what was decided.`,
      );
      return ResumeStalledOutput.parse(resumed);
    }),
});
