import { after } from "next/server";
import { log } from "@/lib/log";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { requestsMade } from "@/lib/outbox/requests";

/**
 * Does the work, and has what it put into the outbox sent once the answer is out, so that nobody waits for the task
 * platform. What cannot be sent then is sent by the sweep.
 */
export async function relayAfterResponse<Value>(work: () => Promise<Value>): Promise<Value> {
  const before = requestsMade();
  try {
    return await work();
  } finally {
    if (requestsMade() !== before) after(relay);
  }
}

async function relay(): Promise<void> {
  try {
    await relayOutbox({ now: new Date() });
  } catch (error) {
    log.warn("outbox.relay-failed", { reason: error instanceof Error ? error.message : String(error) });
  }
}
