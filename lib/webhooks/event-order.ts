import { z } from "zod";
import { idSchema, type OrderId } from "@/lib/ids";

/** Where Stripe names the order that a payment page or a refund was made for. */
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

/** The order that an event's body names; null where it names none. */
export function orderOfEvent(payload: unknown): OrderId | null {
  const about = AboutOrder.safeParse(payload);
  return about.success ? about.data.data.object : null;
}
