import type { OrderStatus, Payment, Prisma } from "@/lib/db/generated/client";
import type { OrderId, OrderLineId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { OrderNotFoundError } from "./errors";
import type { Refundable } from "./plan-refund";
import { liveRefundStates } from "./refund-status";
import type { Taxed, TaxLeft } from "./refund-tax";

export type RefundableOrder = {
  status: OrderStatus;
  left: Refundable;
  taxLeft: TaxLeft;
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

type Parts = Prisma.OrderGetPayload<{ include: typeof refundableInclude }>;

function toRefundable(order: Parts): RefundableOrder {
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
    taxLeft: toTaxLeft(order),
  };
}

function toTaxLeft({ refunds, lines, ...order }: Parts): TaxLeft {
  const shipping = { amount: order.shippingAmount, tax: order.shippingTaxAmount };
  const shippingParts = refunds.map((one) => ({ amount: one.shippingAmount, tax: one.shippingTaxAmount }));
  const refundLines = refunds.flatMap((refund) => refund.lines);
  return {
    rest: restOf(
      { amount: order.totalAmount, tax: order.taxAmount },
      refunds.map((refund) => ({ amount: refund.amount, tax: refund.taxAmount })),
    ),
    shipping: { whole: shipping, rest: restOf(shipping, shippingParts) },
    lines: new Map(
      lines.map((line) => {
        const whole = { amount: line.totalAmount, tax: line.taxAmount };
        const parts = refundLines.filter(({ orderLineId }) => orderLineId === line.id);
        return [
          line.id,
          {
            whole,
            rest: restOf(
              whole,
              parts.map((part) => ({ amount: part.amount, tax: part.taxAmount })),
            ),
          },
        ];
      }),
    ),
  };
}

function restOf(whole: Taxed, parts: readonly Taxed[]): Taxed {
  return parts.reduce((rest, part) => ({ amount: rest.amount - part.amount, tax: rest.tax - part.tax }), whole);
}
