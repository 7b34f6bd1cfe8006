import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { step } from "../_step";

export const RelayOutboxOutput = z.object({ sent: z.int(), failed: z.int() });

/** How many messages one sweep sends at most; the next minute takes the rest. */
const sweepLimit = 500;

/** Sends what the edges could not send right after their commits. */
export const relayOutboxTask = schedules.task({
  id: "relay-outbox",
  cron: "* * * * *",
  ttl: "5m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const swept = await relayOutbox({ now: new Date(), limit: sweepLimit });
      metadata.set("status", `Sent ${swept.sent} messages that were waiting; ${swept.failed} have to wait on.`);
      return RelayOutboxOutput.parse(swept);
    }),
});
