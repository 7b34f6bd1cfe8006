import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Dispute, OrderReview, Payment, Prisma, Refund, ReturnState, SentMail } from "@/lib/db/generated/client";
import type { FindingId, OrderId, OrderLineId, ReturnId, ReviewId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { OrderNotFoundError } from "./errors";
import { canPerform } from "./order-status";
import { type OrderView, orderViewInclude, toOrderView } from "./order-view";
import { orderWork } from "./order-work";
import type { Refundable } from "./plan-refund";
import { readRefundable } from "./read-refundable";
import { type ReturnableLine, readReturnable } from "./read-returnable";

type PaymentView = Pick<
  Payment,
  "id" | "state" | "paymentIntentId" | "sessionId" | "failureReason" | "capturedAt" | "createdAt"
> & { amount: Money };

export type StaffRefundView = Pick<
  Refund,
  "id" | "state" | "reason" | "note" | "requestedBy" | "stripeRefundId" | "failureReason" | "createdAt" | "settledAt"
> & { amount: Money };

export type ReturnView = {
  id: ReturnId;
  state: ReturnState;
  reason: string;
  createdAt: Date;
  lines: { orderLineId: OrderLineId; title: string; quantity: number; received: number; restocked: number }[];
};

export type DisputeView = Pick<
  Dispute,
  "id" | "stripeDisputeId" | "status" | "reason" | "blocksRefunds" | "evidenceDueAt" | "openedAt" | "closedAt"
> & { amount: Money; withdrawn: Money };

export type StaffOrderView = Omit<OrderView, "refunds"> & {
  payments: PaymentView[];
  refunds: StaffRefundView[];
  returns: ReturnView[];
  disputes: DisputeView[];
  mails: Pick<SentMail, "id" | "kind" | "recipient" | "createdAt" | "sentAt">[];
  /** What can still be given back, and what can still come back. */
  refundable: Refundable;
  returnable: ReturnableLine[];
  /** What somebody has to decide, or has refused, before the order is packed. */
  review: (Pick<OrderReview, "kind" | "reason" | "note"> & { id: ReviewId; isRefused: boolean }) | null;
  /** What the store could not, or must not, mend by itself. */
  findings: { id: FindingId; message: string }[];
  /** The label of its parcel can be printed. */
  hasLabel: boolean;
  /** Which buttons work now. */
  can: { cancel: boolean; ship: boolean; deliver: boolean; refund: boolean; return: boolean; processAgain: boolean };
};

const staffInclude = {
  ...orderViewInclude,
  payments: { orderBy: { createdAt: "asc" }, omit: { sessionUrl: true } },
  returns: {
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    include: { lines: { include: { orderLine: true }, orderBy: { orderLine: { position: "asc" } } } },
  },
  disputes: { orderBy: { openedAt: "asc" } },
  mails: { orderBy: { createdAt: "asc" } },
  reviews: { where: { state: { not: "approved" } } },
  label: true,
  findings: { where: { state: "open" }, orderBy: { createdAt: "asc" } },
} satisfies Prisma.OrderInclude;

/**
 * The order with its payments, refunds, returns, disputes, mails and whole timeline.
 *
 * @throws NotAllowedError, OrderNotFoundError
 */
export async function getOrderForStaff({ actor, id }: { actor: Actor; id: OrderId }): Promise<StaffOrderView> {
  requireStaff(actor);
  const order = await db().order.findUnique({ where: { id }, include: staffInclude });
  if (!order) throw new OrderNotFoundError();
  const [{ left, isDisputed }, returnable] = await Promise.all([readRefundable(db(), id), readReturnable(db(), id)]);
  const priced = <Row extends { amount: number; currency: string }>(row: Row) => ({
    ...row,
    amount: money(row.amount, row.currency),
  });
  const review = canPerform("fulfil", order) ? order.reviews[0] : undefined;
  return {
    ...toOrderView(order),
    payments: order.payments.map(priced),
    refunds: order.refunds.map(priced),
    returns: order.returns.map(toReturnView),
    disputes: order.disputes.map((dispute) => ({
      ...priced(dispute),
      withdrawn: money(dispute.amountWithdrawn, dispute.currency),
    })),
    mails: order.mails.map(({ id, kind, recipient, createdAt, sentAt }) => ({
      id,
      kind,
      recipient,
      createdAt,
      sentAt,
    })),
    review: review ? { ...review, id: review.id as ReviewId, isRefused: review.state === "refused" } : null,
    findings: order.findings.map(({ id, message }) => ({ id: id as FindingId, message })),
    hasLabel: order.shipment?.status !== "cancelled" && Boolean(order.shipment?.labelKey),
    refundable: left,
    returnable,
    can: {
      cancel: canPerform("cancel", order) || (canPerform("cancelPaid", order) && !isDisputed),
      ship: canPerform("ship", order),
      deliver: canPerform("deliver", order),
      refund: canPerform("refund", order) && !isDisputed && left.amount.amount > 0,
      return: canPerform("return", order) && returnable.some(({ pieces }) => pieces > 0),
      processAgain: orderWork({ ...order, refunds: order.refunds.filter(isUnsettled) }).work.length > 0,
    },
  };
}

function isUnsettled({ state }: Refund): boolean {
  return state === "requested" || state === "pending";
}

function toReturnView(
  row: Prisma.ReturnGetPayload<{ include: { lines: { include: { orderLine: true } } } }>,
): ReturnView {
  return {
    id: row.id as ReturnId,
    state: row.state,
    reason: row.reason,
    createdAt: row.createdAt,
    lines: row.lines.map((line) => ({
      orderLineId: line.orderLineId as OrderLineId,
      title: line.orderLine.title,
      quantity: line.quantity,
      received: line.receivedQuantity,
      restocked: line.restockedQuantity,
    })),
  };
}
