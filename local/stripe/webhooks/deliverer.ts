import type { WebhookTarget } from "../settings";
import type { Delivery, DeliveryAttempt, Store, WebhookMode } from "../store";
import { signatureHeader } from "./sign";

/** Quick at first, for a store that is just starting; the last wait repeats. Stripe's own waits are hours. */
const defaultRetryDelaysMs = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
const givesUpAfterMs = 3 * 24 * 60 * 60 * 1000;
const attemptTimeoutMs = 20_000;
const modeKey = "webhookMode";

export const plainMode: WebhookMode = { duplicates: 0, delayMs: 0, shuffleWithinMs: 0, paused: false };

export type Deliverer = ReturnType<typeof startDeliverer>;

/**
 * Sends queued events to the webhook endpoint until it answers 2xx: at least once, several at a time, in no
 * promised order. The queue is part of the store, so a restart loses none.
 */
export function startDeliverer(store: Store, target: WebhookTarget | undefined) {
  const sending = new Map<string, Promise<void>>();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const mode = () => {
    const saved = store.settings.get(modeKey);
    return typeof saved === "object" ? saved : plainMode;
  };

  function wake(): void {
    clearTimeout(timer);
    if (!target || abort.signal.aborted || mode().paused) return;
    const open = store.deliveries.values().filter((delivery) => delivery.nextAt !== null && !sending.has(delivery.id));
    const due = open.filter((delivery) => dueAt(delivery) <= Date.now());
    for (const delivery of due) {
      const sent = send(target, delivery).finally(() => {
        sending.delete(delivery.id);
        wake();
      });
      sending.set(delivery.id, sent);
    }
    const next = Math.min(...open.filter((delivery) => !due.includes(delivery)).map(dueAt));
    if (Number.isFinite(next)) timer = setTimeout(wake, Math.max(10, next - Date.now()));
  }

  /** The first attempt may be held back by the mode; the share of the shuffle comes from the id, so it stays the same. */
  function dueAt(delivery: Delivery): number {
    const { delayMs, shuffleWithinMs } = mode();
    const share = delivery.id.charCodeAt(delivery.id.length - 1) / 128;
    const heldMs = delivery.attempts.length === 0 ? delayMs + Math.floor(share * shuffleWithinMs) : 0;
    return (delivery.nextAt ?? 0) + heldMs;
  }

  async function send(endpoint: WebhookTarget, delivery: Delivery): Promise<void> {
    const event = store.events.get(delivery.eventId);
    if (!event) return finish(delivery, { at: Date.now(), status: null, error: "The event is gone." });
    const body = JSON.stringify(event, null, 2);
    for (let copy = 0; copy <= mode().duplicates; copy++) {
      const attempt = await post(endpoint, body);
      if (abort.signal.aborted) return;
      const stored = store.deliveries.get(delivery.id);
      if (stored) finish(stored, attempt);
    }
  }

  async function post(endpoint: WebhookTarget, body: string): Promise<DeliveryAttempt> {
    const at = Date.now();
    try {
      const response = await fetch(endpoint.url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "stripe-signature": signatureHeader(body, endpoint.secret, at),
          "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([abort.signal, AbortSignal.timeout(attemptTimeoutMs)]),
      });
      await response.arrayBuffer();
      return { at, status: response.status, error: response.ok ? null : `answered ${response.status}` };
    } catch (error) {
      return { at, status: null, error: reasonOf(error) };
    }
  }

  function finish(delivery: Delivery, attempt: DeliveryAttempt): void {
    const attempts = [...delivery.attempts, attempt];
    const delivered = attempts.some(({ error }) => error === null);
    const delays = target?.retryDelaysMs ?? defaultRetryDelaysMs;
    const delay = delays[Math.min(attempts.length, delays.length) - 1] ?? 60_000;
    const givenUp = attempt.at - (attempts[0]?.at ?? attempt.at) > givesUpAfterMs;
    store.deliveries.put(delivery.id, {
      ...delivery,
      attempts,
      nextAt: delivered || givenUp ? null : Date.now() + delay,
    });
    const event = store.events.get(delivery.eventId);
    if (delivered && event) store.events.put(event.id, { ...event, pending_webhooks: 0 });
    store.commit();
  }

  wake();
  return {
    /** Looks at the queue again; call it after every commit. */
    wake,
    mode,
    setMode(changes: Partial<WebhookMode>) {
      store.settings.put(modeKey, { ...mode(), ...changes });
      store.commit();
      wake();
    },
    /** Stops; deliveries under way are tried again at the next start. */
    async close() {
      abort.abort();
      clearTimeout(timer);
      await Promise.allSettled(sending.values());
    },
  };
}

/** fetch says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
