import type { ImportId, OrderId } from "@/lib/ids";

/** What a notice to a shopper can be about. */
export const orderNotices = ["confirmation", "shipped", "refunded", "cancelled", "payment-failed"] as const;
export type OrderNotice = (typeof orderNotices)[number];

/** The work the middle may ask for, by name. `relay.ts` alone knows which task does it. */
export type OutboxMessages = {
  "order.process": { orderId: OrderId };
  "order.fulfil": { orderId: OrderId };
  "order.notify": { orderId: OrderId; notice: OrderNotice };
  "stripe-event.received": { eventId: string };
  "import.start": { importId: ImportId };
};

export type OutboxName = keyof OutboxMessages;
