import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import type { OrderId } from "@/lib/ids";
import { orderTotals } from "@/lib/orders/order-view";
import { ShippingAddress } from "@/lib/orders/schema";
import type { OrderNotice } from "@/lib/outbox/messages";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { addressLines } from "./address-lines";
import { type OrderNoticeFacts, orderNoticeMail } from "./order-notice-mail";
import { type SendResult, sendOnce } from "./send-once";

/**
 * Tells the shopper of one order what happened to it: once per (order, notice, subject), however often this is called.
 * `subject` is which refund, return or payment it is about, for notices that an order can have several of.
 *
 * @throws TemporaryError and MailRefusedError as `sendOnce`; asking again later is safe.
 */
export async function sendOrderNotice({
  orderId,
  notice,
  subject,
  now,
}: {
  orderId: OrderId;
  notice: OrderNotice;
  subject?: string;
  now: Date;
}): Promise<SendResult> {
  const order = await findOrder(orderId);
  invariant(order, "a notice is asked for in the transaction that changes the order, and orders are never deleted");
  return sendOnce({
    kind: notice,
    about: { orderId, subject },
    recipients: [order.email],
    render: async () =>
      orderNoticeMail(notice, factsOf(order, { storeName: (await getStoreSettings()).name, subject })),
    now,
  });
}

function findOrder(id: OrderId) {
  return db().order.findUnique({
    where: { id },
    include: {
      lines: { orderBy: { position: "asc" } },
      shipment: true,
      payments: { orderBy: { createdAt: "desc" } },
      refunds: { include: { return: true } },
    },
  });
}

type Order = NonNullable<Awaited<ReturnType<typeof findOrder>>>;

function factsOf(
  order: Order,
  { storeName, subject }: { storeName: string; subject: string | undefined },
): OrderNoticeFacts {
  const about = order.payments.find(({ id }) => id === subject);
  return {
    storeName,
    orderUrl: env().STORE_URL + routes.order(order.id as OrderId, order.accessToken),
    number: order.number,
    currency: order.currency,
    lines: order.lines,
    totals: orderTotals(order),
    totalAmount: order.totalAmount,
    addressLines: addressLines(ShippingAddress.parse(order.shipTo)),
    parcel: order.shipment,
    reason: order.cancelReason ?? (about ?? order.payments[0])?.failureReason ?? null,
    paid: order.payments.some((payment) => payment.state === "captured"),
    refundedAmount: order.refunds.find((refund) => [refund.id, refund.return?.id].includes(subject))?.amount ?? null,
  };
}
