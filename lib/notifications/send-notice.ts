import type { OrderNotice, OutboxMessages, StaffNotice } from "@/lib/outbox/messages";
import { staffNotices } from "@/lib/outbox/messages";
import type { SendResult } from "./send-once";
import { sendOrderNotice } from "./send-order-notice";
import { sendStaffNotice } from "./send-staff-notice";

/** `result` is null where there was nobody to tell. */
export type SentNotice = { recipient: "shopper" | "staff"; result: SendResult | null };

/** Sends a notice about an order to whom it is for. @throws as `sendOrderNotice` and `sendStaffNotice` */
export async function sendNotice(asked: OutboxMessages["order.notify"] & { now: Date }): Promise<SentNotice> {
  const { orderId, notice, subject, now } = asked;
  if (isForStaff(notice))
    return { recipient: "staff", result: await sendStaffNotice({ orderId, notice, subject: subject ?? "", now }) };
  return { recipient: "shopper", result: await sendOrderNotice({ orderId, notice, subject, now }) };
}

function isForStaff(notice: OrderNotice | StaffNotice): notice is StaffNotice {
  return (staffNotices as readonly string[]).includes(notice);
}
