import { metadata, schedules } from "@trigger.dev/sdk";
import { z } from "zod";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { RunsUnavailableError } from "@/lib/runs/errors";
import { listDeadRuns } from "@/lib/runs/list-dead-runs";
import { step } from "../_step";

export const RelayOutboxOutput = z.object({ revived: z.int(), sent: z.int(), failed: z.int() });

/** How many messages one sweep sends at most; the next minute takes the rest. */
const sweepLimit = 500;

/**
 * Asks again for what the platform gave up, such as when a process was killed, and sends what the edges could not send right
 * after their commits.
 */
export const relayOutboxTask = schedules.task({
  id: "relay-outbox",
  cron: "* * * * *",
  ttl: "5m",
  queue: { concurrencyLimit: 1 },
  run: () =>
    step(async () => {
      const now = new Date();
      const revived = await revive(now);
      const swept = await relayOutbox({ now, limit: sweepLimit });
      metadata.set(
        "status",
        `Sent ${swept.sent} messages that were waiting, ${revived} of them for runs that had died; ${swept.failed} have to wait on.`,
      );
      return RelayOutboxOutput.parse({ revived, ...swept });
    }),
});

/** What the platform does not list now, it lists in a minute: no reason to keep back what waits. */
async function revive(now: Date): Promise<number> {
  try {
    return await reviveMessages({ runs: await listDeadRuns({ now }), now });
  } catch (error) {
    if (!(error instanceof RunsUnavailableError)) throw error;
    log.warn("outbox.revive-failed", { reason: error.message });
    return 0;
  }
}
