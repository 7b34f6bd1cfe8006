import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { OrderReview, OrderStatus, PaymentStatus, Prisma } from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { canPerform } from "./order-status";

export type OrderSummary = {
  id: OrderId;
  number: number;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  email: string;
  itemCount: number;
  total: Money;
  placedAt: Date;
  /** Somebody has to decide before it is packed, or decided against it. */
  review: { isRefused: boolean } | null;
};

/**
 * The store's orders for staff, newest first. `search` is an order number or part of a mail address. `before` is the
 * `nextBefore` of the page before; null there says that this was the last page.
 *
 * @throws NotAllowedError
 */
export async function listOrders(asked: {
  actor: Actor;
  status?: OrderStatus;
  search?: string;
  before?: number;
  limit?: number;
}): Promise<{ orders: OrderSummary[]; nextBefore: number | null }> {
  const { actor, status, before, limit = 50 } = asked;
  requireStaff(actor);
  const rows = await db().order.findMany({
    where: { status, ...(before === undefined ? {} : { number: { lt: before } }), ...matching(asked.search) },
    orderBy: { number: "desc" },
    include: {
      lines: { select: { quantity: true } },
      reviews: { where: { state: { not: "approved" } }, select: { state: true } },
    },
    take: limit + 1,
  });
  const orders = rows.slice(0, limit).map((order) => ({
    id: order.id as OrderId,
    number: order.number,
    status: order.status,
    paymentStatus: order.paymentStatus,
    email: order.email,
    itemCount: order.lines.reduce((count, { quantity }) => count + quantity, 0),
    total: money(order.totalAmount, order.currency),
    placedAt: order.placedAt,
    review: canPerform("fulfil", order) ? openReview(order.reviews[0]) : null,
  }));
  return { orders, nextBefore: rows.length > limit ? (orders.at(-1)?.number ?? null) : null };
}

function matching(search: string | undefined): Prisma.OrderWhereInput {
  const text = search?.replaceAll("\0", "").trim().replace(/^#/, "");
  if (!text) return {};
  const number = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return {
    OR: [
      { email: { contains: text.toLowerCase().replace(/[\\%_]/g, "\\$&") } },
      ...(number === undefined ? [] : [{ number }]),
    ],
  };
}

function openReview(review: Pick<OrderReview, "state"> | undefined): OrderSummary["review"] {
  return review ? { isRefused: review.state === "refused" } : null;
}
