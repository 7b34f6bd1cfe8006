import type { CustomerActor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { OrderStatus, PaymentStatus } from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";

export type OwnOrder = {
  id: OrderId;
  accessToken: string;
  number: number;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  total: Money;
  placedAt: Date;
};

/** The newest orders that a shopper placed while signed in. */
export async function listOwnOrders({
  actor,
  limit = 20,
}: {
  actor: CustomerActor;
  limit?: number;
}): Promise<OwnOrder[]> {
  const orders = await db().order.findMany({
    where: { userId: actor.userId },
    orderBy: [{ placedAt: "desc" }, { id: "desc" }],
    take: limit,
  });
  return orders.map(({ id, accessToken, number, status, paymentStatus, totalAmount, currency, placedAt }) => ({
    id: id as OrderId,
    accessToken,
    number,
    status,
    paymentStatus,
    total: money(totalAmount, currency),
    placedAt,
  }));
}
