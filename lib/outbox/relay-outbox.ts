import { idempotencyKeys, runs, tasks } from "@trigger.dev/sdk";
import { effect } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { log } from "@/lib/log";
import { storeRunTag } from "@/lib/runs/tags";
import type { passwordResetMailTask } from "@/trigger/accounts/password-reset-mail";
import type { removeSavedCardTask } from "@/trigger/accounts/remove-saved-card";
import type { importLargeDatasetTask } from "@/trigger/imports/import-large-dataset";
import type { importNotificationsTask } from "@/trigger/imports/import-notifications";
import type { fulfillOrderTask } from "@/trigger/orders/fulfill-order";
import type { orderNotificationsTask } from "@/trigger/orders/notifications";
import type { processOrderTask } from "@/trigger/orders/process-order";
import type { refundOrderTask } from "@/trigger/orders/refund-order";
import type { handleStripeWebhookTask } from "@/trigger/webhooks/handle-stripe-webhook";
import type { OutboxMessages, OutboxName } from "./messages";

type Sent = { id: string };
type Options = { idempotencyKey: string; tags: string[]; ttl: string };

/** The only place that knows which task does which work. Typed by the tasks, so a wrong payload does not compile. */
const senders: { [Name in OutboxName]: (payload: OutboxMessages[Name], options: Options) => Promise<Sent> } = {
  "order.process": (payload, options) => tasks.trigger<typeof processOrderTask>("process-order", payload, options),
  "order.fulfil": (payload, options) => tasks.trigger<typeof fulfillOrderTask>("fulfill-order", payload, options),
  "order.refund": (payload, options) => tasks.trigger<typeof refundOrderTask>("refund-order", payload, options),
  "saved-card.remove": (payload, options) =>
    tasks.trigger<typeof removeSavedCardTask>("remove-saved-card", payload, options),
  "order.notify": (payload, options) =>
    tasks.trigger<typeof orderNotificationsTask>("order-notifications", payload, options),
  "stripe-event.received": (payload, options) =>
    tasks.trigger<typeof handleStripeWebhookTask>("handle-stripe-webhook", payload, options),
  "import.start": (payload, options) =>
    tasks.trigger<typeof importLargeDatasetTask>("import-large-dataset", payload, options),
  "import.notify": (payload, options) =>
    tasks.trigger<typeof importNotificationsTask>("import-notifications", payload, options),
  "password-reset.notify": (payload, options) =>
    tasks.trigger<typeof passwordResetMailTask>("password-reset-mail", payload, options),
};

type Claimed = { id: string; name: OutboxName; payload: Prisma.JsonValue; tags: string[]; attempts: number };

/** How long a claim lasts: a relay that died gives its messages back after this. */
const leaseMs = 30_000;
/** Long enough to outlive any outage of workers; the platform's own default in development is ten minutes. */
const runTtl = "14d";

/** Doubles from 2 s to 5 minutes. */
function retryDelayMs(attempts: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 10));
}

async function claim(limit: number, now: Date): Promise<Claimed[]> {
  const leaseUntil = new Date(now.getTime() + leaseMs);
  return db().$queryRaw<Claimed[]>(Prisma.sql`
    update outbox_message set attempts = attempts + 1, available_at = ${leaseUntil}
    where id in (
      select id from outbox_message
      where sent_at is null and available_at <= ${now}
      order by available_at, id limit ${limit}
      for update skip locked)
    returning id, name, payload, tags, attempts`);
}

/**
 * A message tried before may have reached the platform although we never heard; its run then bears its tag, and so do
 * those that came of it later.
 */
async function findRunOf(message: Claimed): Promise<Sent | undefined> {
  if (message.attempts <= 1) return undefined;
  const page = await effect("trigger list", () => runs.list({ tag: message.id, limit: 100 }));
  return page.data.at(-1);
}

async function send(message: Claimed): Promise<Sent> {
  const known = await findRunOf(message);
  if (known) return known;
  const sender = senders[message.name] as ((payload: unknown, options: Options) => Promise<Sent>) | undefined;
  if (!sender) throw new Error(`No task does "${message.name}".`);
  // Global scope: inside a task the default would be "once per run", and a second relay would send again.
  const idempotencyKey = await idempotencyKeys.create(message.id, { scope: "global" });
  const options = { idempotencyKey, tags: [message.id, storeRunTag, ...message.tags], ttl: runTtl };
  return effect(`trigger ${message.name}`, () => sender(message.payload, options));
}

/**
 * Sends what is due in the outbox to the task platform, each message once.
 *
 * May be called by anybody at any time, several at once: a message is claimed by one caller for 30 s. What cannot be
 * sent stays and is tried again later, with its error beside it. Called right after commits, and by a sweep.
 */
export async function relayOutbox({ now, limit = 20 }: { now: Date; limit?: number }): Promise<{
  sent: number;
  failed: number;
}> {
  const messages = await claim(limit, now);
  const results = await Promise.all(
    messages.map(async (message) => {
      try {
        const run = await send(message);
        await db().outboxMessage.update({
          where: { id: message.id },
          data: { sentAt: new Date(), runId: run.id, lastError: null },
        });
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn("outbox.send-failed", { messageId: message.id, name: message.name, reason });
        await db().outboxMessage.update({
          where: { id: message.id },
          data: { lastError: reason, availableAt: new Date(now.getTime() + retryDelayMs(message.attempts)) },
        });
        return false;
      }
    }),
  );
  const sent = results.filter(Boolean).length;
  return { sent, failed: results.length - sent };
}
