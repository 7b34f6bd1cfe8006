import { z } from "zod";
import type { Prisma } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { idSchema } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import type { StripeEventMessage } from "@/lib/payments/verify-stripe-event";
import { orderRunTag } from "@/lib/runs/tags";
import { findEventHandler } from "./event-handlers";

/** Where Stripe names the order that a payment page or a refund was made for: the order's page then shows this run too. */
const OfPage = z.object({ client_reference_id: idSchema("order") });
const OfRefund = z.object({ object: z.literal("refund"), metadata: z.object({ orderId: idSchema("order") }) });
const AboutOrder = z.object({
  data: z.object({
    object: z.union([
      OfPage.transform(({ client_reference_id }) => client_reference_id),
      OfRefund.transform(({ metadata }) => metadata.orderId),
    ]),
  }),
});

function tagsOf(payload: unknown): string[] {
  const about = AboutOrder.safeParse(payload);
  return about.success ? [orderRunTag(about.data.data.object)] : [];
}

/**
 * Keeps a verified event and asks for it to be handled, in one transaction. One of a type that the store does nothing
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
