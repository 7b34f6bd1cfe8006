import type { OrderStatus, Payment, Prisma } from "@/lib/db/generated/client";
import type { OrderId, OrderLineId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { OrderNotFoundError } from "./errors";
import type { Refundable } from "./plan-refund";
import { liveRefundStates } from "./refund-status";

export type RefundableOrder = {
  status: OrderStatus;
  left: Refundable;
  /** What was charged; undefined where nothing was, and so nothing can be given back. */
  payment: Payment | undefined;
  /** A dispute has the money, or had it and was lost: Stripe refuses refunds. */
  isDisputed: boolean;
};

/** Reads what can still be refunded of an order. To act on it, lock the order first. @throws OrderNotFoundError */
export async function readRefundable(tx: Prisma.TransactionClient, orderId: OrderId): Promise<RefundableOrder> {
  const order = await tx.order.findUnique({ where: { id: orderId }, include: refundableInclude });
  if (!order) throw new OrderNotFoundError();
  return toRefundable(order);
}

/** What `toRefundable` needs read. */
export const refundableInclude = {
  lines: { orderBy: { position: "asc" } },
  payments: { where: { state: "captured" } },
  refunds: { where: { state: { in: [...liveRefundStates] } }, include: { lines: true } },
  disputes: { where: { blocksRefunds: true } },
} satisfies Prisma.OrderInclude;

function toRefundable(order: Prisma.OrderGetPayload<{ include: typeof refundableInclude }>): RefundableOrder {
  const of = (amount: number) => money(amount, order.currency);
  const refunded = order.refunds.flatMap(({ lines }) => lines);
  const shippingRefunded = order.refunds.reduce((sum, { shippingAmount }) => sum + shippingAmount, 0);
  const [payment] = order.payments;
  return {
    status: order.status,
    payment,
    isDisputed: order.disputes.length > 0,
    left: {
      amount: of(payment ? order.totalAmount - order.refundedAmount : 0),
      shipping: of(order.shippingAmount - shippingRefunded),
      lines: order.lines.map((line) => {
        const parts = refunded.filter(({ orderLineId }) => orderLineId === line.id);
        return {
          orderLineId: line.id as OrderLineId,
          title: line.title,
          pieces: line.quantity - parts.reduce((sum, { quantity }) => sum + quantity, 0),
          amount: of(line.totalAmount - parts.reduce((sum, { amount }) => sum + amount, 0)),
        };
      }),
    },
  };
}
