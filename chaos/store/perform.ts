import { finishRemoval } from "@/lib/cards/finish-removal";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { sendNotice } from "@/lib/notifications/send-notice";
import { processOrder } from "@/lib/orders/process-order";
import { sendRefund } from "@/lib/orders/send-refund";
import type { OutboxMessages, OutboxName } from "@/lib/outbox/messages";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";

type Work = { [Name in OutboxName]: (payload: OutboxMessages[Name], now: Date) => Promise<unknown> };

const work: Work = {
  "stripe-event.received": (payload, now) => handleStripeEvent({ ...payload, now }),
  "order.process": (payload, now) => processOrder({ ...payload, now }),
  "order.fulfil": (payload, now) => fulfillOrder({ ...payload, now }),
  "order.refund": (payload, now) => sendRefund({ ...payload, now }),
  "order.notify": (payload, now) => sendNotice({ ...payload, now }),
  "saved-card.remove": (payload) => finishRemoval(payload),
  "import.start": () => Promise.reject(new Error("Nothing is imported here.")),
  "import.notify": () => Promise.reject(new Error("Nothing is imported here.")),
  "password-reset.notify": () => Promise.reject(new Error("Nobody forgets a password here.")),
};

/** Does what the task of a message does, without a platform that starts it. */
export function perform(message: { name: string; payload: unknown }, now: Date): Promise<unknown> {
  const run = work[message.name as OutboxName] as (payload: unknown, now: Date) => Promise<unknown>;
  return run(message.payload, now);
}
