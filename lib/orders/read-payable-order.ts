import { db } from "@/lib/db/client";
import type { Order, OrderLine } from "@/lib/db/generated/client";
import type { OrderId, UserId } from "@/lib/ids";

/** What a payment page says of an order. */
export type PayableOrder = Pick<
  Order,
  "number" | "status" | "paymentStatus" | "email" | "currency" | "shippingAmount" | "totalAmount" | "accessToken"
> & {
  id: OrderId;
  userId: UserId | null;
  lines: Pick<OrderLine, "title" | "variantTitle" | "quantity" | "unitPriceAmount" | "totalAmount">[];
};

/** The order of a link, with its lines in their order, or null where the id and the secret do not belong together. */
export async function readPayableOrder(asked: { orderId: OrderId; accessToken: string }): Promise<PayableOrder | null> {
  const [order] = await db().$queryRaw<PayableOrder[]>`
    select id, user_id as "userId", number, status, payment_status as "paymentStatus", email, currency, shipping_amount as "shippingAmount",
      total_amount as "totalAmount", access_token as "accessToken",
      (select json_agg(json_build_object(
        'title', title, 'variantTitle', variant_title, 'quantity', quantity,
        'unitPriceAmount', unit_price_amount, 'totalAmount', order_line.total_amount) order by position)
      from order_line where order_id = "order".id) as lines
    from "order" where id = ${asked.orderId} and access_token = ${asked.accessToken}`;
  return order ?? null;
}
