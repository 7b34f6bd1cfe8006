import type { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { StripeEventMessage } from "@/lib/payments/verify-stripe-event";

/**
 * Keeps a verified event and asks for it to be handled, in one transaction. Stripe sends events more than once: the
 * second time nothing changes, and `isNew` is false.
 */
export async function receiveStripeEvent(event: StripeEventMessage): Promise<{ isNew: boolean }> {
  const { id, type, objectId, createdAt } = event;
  const payload = event.payload as Prisma.InputJsonObject; // it was parsed from JSON
  return transaction(async (tx) => {
    const kept = await tx.stripeEvent.createMany({
      data: [{ id, type, objectId, createdAt, payload }],
      skipDuplicates: true,
    });
    if (kept.count === 0) return { isNew: false };
    await addToOutbox(tx, "stripe-event.received", { key: `stripe-event:${id}`, payload: { eventId: id } });
    return { isNew: true };
  });
}
