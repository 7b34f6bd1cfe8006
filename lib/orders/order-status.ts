import type { Order, OrderStatus, PaymentStatus } from "@/lib/db/generated/client";

/**
 * Everything that can happen to an order, and when. The buttons and the guards both read this table; a change of state
 * is an update that is conditional on it.
 */
export const orderActions = {
  /** The shopper may go to the payment page. */
  pay: { status: ["pending"], payment: ["unpaid"] },
  /** The shopper went back to the form and sent it again, with another address, way of shipping or discount. */
  correct: { status: ["pending"], payment: ["unpaid"] },
  /** The bank refused the saved card, or it could not be charged in time: the order is over. */
  decline: { status: ["pending"], payment: ["unpaid"] },
  /** The saved card cannot be charged without the shopper, who is asked to pay on Stripe's page. */
  askShopper: { status: ["pending"], payment: ["unpaid"] },
  /** The shopper's card was authorised. It may come late: after the hold ran out, or after a cancellation. */
  authorize: { status: ["pending", "expired", "cancelled"], payment: ["unpaid"] },
  /** A payment came after the hold had run out, and the stock could be had again. */
  reopen: { status: ["expired"], payment: ["authorized"] },
  /** The card was charged. Past this point there is no way back, only refunds. */
  confirm: { status: ["pending"], payment: ["authorized"] },
  /** The charge did not come about: the payment was given back and the order is over. */
  fail: { status: ["pending", "expired"], payment: ["authorized"] },
  /** A payment came for an order that was over: it was given back. */
  refuse: { status: ["cancelled"], payment: ["authorized"] },
  expire: { status: ["pending"], payment: ["unpaid"] },
  cancel: { status: ["pending"], payment: ["unpaid", "authorized"] },
  /** Staff end an order that was charged and has not left: it is refunded, and its goods go back on the shelf. */
  cancelPaid: { status: ["confirmed", "fulfilling"], payment: ["paid"] },
  /** The shopper does, as long as nobody has begun to pack. */
  cancelOwn: { status: ["confirmed"], payment: ["paid"] },
  fulfil: { status: ["confirmed"], payment: ["paid"] },
  ship: { status: ["fulfilling"], payment: ["paid"] },
  deliver: { status: ["shipped"], payment: ["paid"] },
  /** Goods are to come back; which of them can is for the returns to say. */
  return: { status: ["shipped", "delivered"], payment: ["paid"] },
  /** Money is given back, in part or in full; whether there is any left is for the refunds to say. */
  refund: { status: ["confirmed", "fulfilling", "shipped", "delivered", "cancelled"], payment: ["paid"] },
} as const satisfies Record<string, { status: readonly OrderStatus[]; payment: readonly PaymentStatus[] }>;

export type OrderAction = keyof typeof orderActions;

/** Whether the action is allowed as the order stands. */
export function canPerform(action: OrderAction, order: Pick<Order, "status" | "paymentStatus">): boolean {
  const rule: { status: readonly OrderStatus[]; payment: readonly PaymentStatus[] } = orderActions[action];
  return rule.status.includes(order.status) && rule.payment.includes(order.paymentStatus);
}

/** The same rule as the condition of an update. */
export function allowedOrders(action: OrderAction): {
  status: { in: OrderStatus[] };
  paymentStatus: { in: PaymentStatus[] };
} {
  const { status, payment } = orderActions[action];
  return { status: { in: [...status] }, paymentStatus: { in: [...payment] } };
}
