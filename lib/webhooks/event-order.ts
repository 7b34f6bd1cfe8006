import { z } from "zod";
import { idSchema, type OrderId } from "@/lib/ids";

/** Where Stripe names the order that a payment page was made for. */
const AboutOrder = z.object({ data: z.object({ object: z.object({ client_reference_id: idSchema("order") }) }) });

/** The order that an event's body names; null where it names none. */
export function orderOfEvent(payload: unknown): OrderId | null {
  const about = AboutOrder.safeParse(payload);
  return about.success ? about.data.data.object.client_reference_id : null;
}
