import type { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { StripeEventMessage } from "@/lib/payments/stripe-event-message";
import { orderRunTag } from "@/lib/runs/tags";
import { findEventHandler } from "./event-handlers";
import { orderOfEvent } from "./event-order";

/** The order's page shows the run of an event that names it. */
function tagsOf(payload: unknown): string[] {
  const orderId = orderOfEvent(payload);
  return orderId ? [orderRunTag(orderId)] : [];
}

/**
 * Keeps an event that is Stripe's for sure and asks for it to be handled, in one transaction. One of a type that the store does nothing
 * with is kept as ignored, and no run is started for it. Stripe sends events more than once: the second time nothing
 * changes, and `isNew` is false.
 */
export async function receiveStripeEvent(event: StripeEventMessage): Promise<{ isNew: boolean }> {
  const { id, type, objectId, createdAt } = event;
  const status = findEventHandler(type) ? "received" : "ignored";
  const payload = event.payload as Prisma.InputJsonObject; // it was parsed from JSON
  return transaction(async (tx) => {
    const kept = await tx.stripeEvent.createMany({
      data: [{ id, type, objectId, createdAt, payload, status }],
      skipDuplicates: true,
    });
    if (kept.count === 0) return { isNew: false };
    if (status === "ignored") return { isNew: true };
    await addToOutbox(tx, "stripe-event.received", {
      key: `stripe-event:${id}`,
      payload: { eventId: id },
      tags: tagsOf(event.payload),
    });
    return { isNew: true };
  });
}
