import { db } from "@/lib/db/client";
import type { Order, OrderLine, Payment } from "@/lib/db/generated/client";
import type { OrderId, UserId } from "@/lib/ids";

/** A payment that was begun. It has its page once it has a session. */
export type BegunPayment = Pick<
  Payment,
  "id" | "orderId" | "kind" | "keepCard" | "amount" | "currency" | "sessionId" | "sessionUrl" | "createdAt"
>;

/** What a payment page says of an order. */
export type PayableOrder = Pick<
  Order,
  "number" | "status" | "paymentStatus" | "email" | "currency" | "shippingAmount" | "totalAmount" | "accessToken"
> & {
  id: OrderId;
  userId: UserId | null;
  lines: Pick<OrderLine, "title" | "variantTitle" | "quantity" | "unitPriceAmount" | "totalAmount">[];
  /** The payment that waits to be paid; null where there is none (any more). */
  begun: BegunPayment | null;
};

type Row = Omit<PayableOrder, "begun"> &
  Pick<Payment, "kind" | "keepCard" | "amount" | "sessionId" | "sessionUrl"> & {
    paymentId: string | null;
    begunAt: Date;
  };

/** The order of a link, with its lines in their order, or null where the id and the secret do not belong together. */
export async function readPayableOrder(asked: { orderId: OrderId; accessToken: string }): Promise<PayableOrder | null> {
  const [row] = await db().$queryRaw<Row[]>`
    select "order".id, user_id as "userId", number, status, payment_status as "paymentStatus", email,
      "order".currency, shipping_amount as "shippingAmount", total_amount as "totalAmount",
      access_token as "accessToken",
      (select json_agg(json_build_object(
          'title', title, 'variantTitle', variant_title, 'quantity', quantity,
          'unitPriceAmount', unit_price_amount, 'totalAmount', order_line.total_amount) order by position)
        from order_line where order_id = "order".id) as lines,
      payment.id as "paymentId", kind, keep_card as "keepCard", amount,
      session_id as "sessionId", session_url as "sessionUrl", payment.created_at as "begunAt"
    from "order" left join payment on payment.order_id = "order".id and state = 'created'
    where "order".id = ${asked.orderId} and access_token = ${asked.accessToken}
    limit 1`;
  if (!row) return null;
  const { paymentId, begunAt, kind, keepCard, amount, sessionId, sessionUrl, ...order } = row;
  const { id: orderId, currency } = order;
  const payment = { orderId, kind, keepCard, amount, currency, sessionId, sessionUrl, createdAt: begunAt };
  return { ...order, begun: paymentId ? { id: paymentId, ...payment } : null };
}
