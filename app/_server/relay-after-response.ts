import { after } from "next/server";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";

/**
 * Sends what the request put into the outbox once its answer is out, so that nobody waits for the task platform.
 * What cannot be sent now is sent by the sweep.
 */
export function relayAfterResponse(): void {
  after(async () => {
    try {
      await relayOutbox({ now: new Date() });
    } catch (error) {
      log.warn("outbox.relay-failed", { reason: error instanceof Error ? error.message : String(error) });
    }
  });
}
