import { db } from "@/lib/db/client";
import type { StripeEventMessage } from "@/lib/payments/stripe-event-message";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";

/**
 * Takes in the events that no webhook brought, as a webhook would have: under Stripe's own id, so that one which comes
 * after all is a duplicate. Answers how many were new.
 */
export async function receiveMissedEvents(events: readonly StripeEventMessage[]): Promise<number> {
  const known = await db().stripeEvent.findMany({
    where: { id: { in: events.map(({ id }) => id) } },
    select: { id: true },
  });
  const knownIds = new Set(known.map(({ id }) => id));
  let received = 0;
  for (const event of events) if (!knownIds.has(event.id) && (await receiveStripeEvent(event)).isNew) received += 1;
  return received;
}
