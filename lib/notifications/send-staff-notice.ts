import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import type { OrderId } from "@/lib/ids";
import { log } from "@/lib/log";
import { format, money } from "@/lib/money/money";
import type { StaffNotice } from "@/lib/outbox/messages";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { listStaffAddresses } from "./list-staff-addresses";
import { type SendResult, sendOnce } from "./send-once";
import { type StaffNoticeFacts, staffNoticeMail } from "./staff-notice-mail";

/**
 * Tells staff of something about an order that a person has to look at: once per (order, notice, subject), however often
 * this is called. Null in a store that has no staff to tell.
 *
 * @throws TemporaryError and MailRefusedError as `sendOnce`; asking again later is safe.
 */
export async function sendStaffNotice({
  orderId,
  notice,
  subject,
  now,
}: {
  orderId: OrderId;
  notice: StaffNotice;
  subject: string;
  now: Date;
}): Promise<SendResult | null> {
  const recipients = await listStaffAddresses();
  if (recipients.length === 0) {
    log.warn("staff-notice.nobody-to-mail", { orderId, notice });
    return null;
  }
  return sendOnce({
    kind: notice,
    about: { orderId, subject },
    recipients,
    render: async () => staffNoticeMail(notice, await readFacts(orderId, subject)),
    now,
  });
}

async function readFacts(orderId: OrderId, subject: string): Promise<StaffNoticeFacts> {
  const { name } = await getStoreSettings();
  const order = await db().order.findUniqueOrThrow({
    where: { id: orderId },
    include: { refunds: { where: { id: subject } }, disputes: { where: { id: subject } } },
  });
  const { refunds, disputes, number } = order;
  const [refund, dispute] = [refunds[0], disputes[0]];
  const about = refund ?? dispute;
  invariant(about, "a notice to staff names what it is about");
  return {
    storeName: name,
    adminUrl: env().STORE_URL + routes.adminOrder(orderId),
    number,
    amount: format(money(about.amount, about.currency)),
    reason: refund ? refund.failureReason : (dispute?.reason.replaceAll("_", " ") ?? null),
    dispute: dispute
      ? {
          status: dispute.status,
          blocksRefunds: dispute.blocksRefunds,
          answerBefore: dispute.evidenceDueAt?.toISOString().slice(0, 10) ?? null,
        }
      : null,
  };
}
