import { finishRemoval } from "@/lib/cards/finish-removal";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { fulfillOrder } from "@/lib/fulfilment/fulfill-order";
import { sendNotice } from "@/lib/notifications/send-notice";
import { processOrder } from "@/lib/orders/process-order";
import { sendRefund } from "@/lib/orders/send-refund";
import type { OutboxMessages, OutboxName } from "@/lib/outbox/messages";
import { handleStripeEvent } from "@/lib/webhooks/handle-stripe-event";
import { pause } from "../processes";

type Work = { [Name in OutboxName]: (payload: OutboxMessages[Name], now: Date) => Promise<unknown> };

/** What the task of each message calls. */
const work: Work = {
  "stripe-event.received": (payload, now) => handleStripeEvent({ ...payload, now }),
  "order.process": (payload, now) => processOrder({ ...payload, now }),
  "order.fulfil": (payload, now) => fulfillOrder({ ...payload, now }),
  "order.refund": (payload, now) => sendRefund({ ...payload, now }),
  "order.notify": (payload, now) => sendNotice({ ...payload, now }),
  "saved-card.remove": (payload) => finishRemoval(payload),
  "import.start": () => Promise.reject(new Error("Nothing is imported here.")),
};

const atOnce = 8;
const triesMax = 20;

/** Runs a step as the platform does: what may pass is tried again. */
export async function withTries<T>(step: () => Promise<T>, tries = triesMax): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof TemporaryError) || attempt >= tries) throw error;
      await pause(20 * attempt);
    }
  }
}

/**
 * Does what the outbox asks for as the tasks would, several messages at a time, until nothing is left; what that asks
 * for in turn included. Each message is noted as its own run, since there is no platform. Sentences for what failed.
 */
export async function workOff(now: () => Date): Promise<string[]> {
  const failures: string[] = [];
  for (;;) {
    const messages = await db().outboxMessage.findMany({
      where: { sentAt: null },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      take: 200,
    });
    if (messages.length === 0) return failures;
    const left = messages.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const { id, name, key, payload } of left) {
          const perform = work[name as OutboxName] as (payload: unknown, now: Date) => Promise<unknown>;
          await withTries(() => perform(payload, now())).catch((error: unknown) => {
            failures.push(`${key}: ${error instanceof Error ? error.message : error}`);
          });
          await db().outboxMessage.update({ where: { id }, data: { sentAt: new Date(), runId: `run_${id}` } });
        }
      }),
    );
  }
}
