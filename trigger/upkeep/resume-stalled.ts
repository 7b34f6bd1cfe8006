import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { resumeOrders } from "@/lib/orders/resume-orders";
import { resumeEvents } from "@/lib/webhooks/resume-events";
import { step } from "../_step";

export const ResumeStalledOutput = z.object({ orders: z.int(), events: z.int() });

/** Asks again for what was given up, such as after a long outage of Stripe. */
export const resumeStalledTask = schedules.task({
  id: "resume-stalled",
  cron: "*/5 * * * *",
  ttl: "5m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const now = new Date();
      const resumed = { orders: await resumeOrders({ now }), events: await resumeEvents({ now }) };
      metadata.set("status", `${resumed.orders} orders and ${resumed.events} events were waiting for another try.`);
      return ResumeStalledOutput.parse(resumed);
    }),
});
