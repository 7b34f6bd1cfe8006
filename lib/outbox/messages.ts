import type { ImportId, OrderId, PasswordResetId, RefundId, SavedCardId } from "@/lib/ids";

/** What a notice to a shopper can be about. */
export const orderNotices = [
  "confirmation",
  "shipped",
  "return-received",
  "refunded",
  "cancelled",
  "payment-failed",
  "payment-needed",
] as const;
export type OrderNotice = (typeof orderNotices)[number];

/** What staff are told of an order, because a person has to look. */
export const staffNotices = ["refund-failed", "dispute-opened", "dispute-closed"] as const;
export type StaffNotice = (typeof staffNotices)[number];

/** The work the middle may ask for, by name. `relay.ts` alone knows which task does it. */
export type OutboxMessages = {
  "order.process": { orderId: OrderId };
  "order.fulfil": { orderId: OrderId };
  "order.refund": { refundId: RefundId };
  /** `subject`: which refund, return, dispute or payment of the order, where it can have several. */
  "order.notify": { orderId: OrderId; notice: OrderNotice | StaffNotice; subject?: string };
  "saved-card.remove": { cardId: SavedCardId };
  "stripe-event.received": { eventId: string };
  "import.start": { importId: ImportId };
  /** An import has ended, and whoever started it is told. */
  "import.notify": { importId: ImportId };
  /** Somebody asked for a link that sets a password. The id opens nothing. */
  "password-reset.notify": { passwordResetId: PasswordResetId };
};

export type OutboxName = keyof OutboxMessages;
