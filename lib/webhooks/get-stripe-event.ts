import { db } from "@/lib/db/client";
import type { StripeEvent } from "@/lib/db/generated/client";
import { EventNotFoundError } from "./errors";

/** How a kept event stands. @throws EventNotFoundError */
export async function getStripeEvent(
  eventId: string,
): Promise<Pick<StripeEvent, "id" | "type" | "objectId" | "status">> {
  const event = await db().stripeEvent.findUnique({ where: { id: eventId }, omit: { payload: true } });
  if (!event) throw new EventNotFoundError(eventId);
  return event;
}
