import { db } from "@/lib/db/client";
import { DomainError } from "@/lib/errors";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { sendNotice } from "@/lib/notifications/send-notice";
import { processOrder } from "@/lib/orders/process-order";
import { sendRefund } from "@/lib/orders/send-refund";
import type { OutboxMessages, OutboxName } from "@/lib/outbox/messages";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";

type Work = { [Name in OutboxName]: (payload: OutboxMessages[Name], now: Date) => Promise<unknown> };

/** What each task does, without a platform that starts it. */
const work: Work = {
  "order.process": (payload, now) => processOrder({ ...payload, now }),
  "order.fulfil": (payload, now) => fulfillOrder({ ...payload, now }),
  "order.refund": (payload, now) => sendRefund({ ...payload, now }),
  "order.notify": (payload, now) => sendNotice({ ...payload, now }),
  "stripe-event.received": (payload, now) => handleStripeEvent({ ...payload, now }),
  "import.start": () => Promise.reject(new Error("No import is started here.")),
};

/**
 * Does what was put into the outbox, and what that puts there, until nothing is left. What fails counts as a run that
 * failed: the sweeps have to ask for it again.
 */
export async function runBackground(now: Date): Promise<number> {
  for (let count = 0; ; count++) {
    const message = await db().outboxMessage.findFirst({ where: { sentAt: null }, orderBy: { id: "asc" } });
    if (!message) return count;
    await db().outboxMessage.update({
      where: { id: message.id },
      data: { sentAt: now, runId: `run_${message.id}`, attempts: 1 },
    });
    const run = work[message.name as OutboxName] as (payload: unknown, now: Date) => Promise<unknown>;
    await run(message.payload, now).catch((error: unknown) => {
      if (!(error instanceof DomainError) && !(error instanceof Error && error.name === "TemporaryError")) throw error;
    });
  }
}
