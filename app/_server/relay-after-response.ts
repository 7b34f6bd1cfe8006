import { after } from "next/server";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { requestsMade } from "@/lib/outbox/requests";

/**
 * Sends what the request put into the outbox once its answer is out, so that nobody waits for the task platform.
 * What cannot be sent now is sent by the sweep. To be called before the request does anything.
 */
export function relayAfterResponse(): void {
  const before = requestsMade();
  after(async () => {
    if (requestsMade() === before) return;
    try {
      await relayOutbox({ now: new Date() });
    } catch (error) {
      log.warn("outbox.relay-failed", { reason: error instanceof Error ? error.message : String(error) });
    }
  });
}
