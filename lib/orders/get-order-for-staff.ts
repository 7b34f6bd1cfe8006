import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Payment, SentMail } from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { OrderNotFoundError } from "./errors";
import { canPerform } from "./order-status";
import { type OrderView, orderViewInclude, toOrderView } from "./order-view";

export type StaffOrderView = OrderView & {
  payments: (Pick<
    Payment,
    "id" | "state" | "paymentIntentId" | "sessionId" | "failureReason" | "capturedAt" | "createdAt"
  > & {
    amount: Money;
  })[];
  mails: Pick<SentMail, "kind" | "recipient" | "createdAt" | "sentAt">[];
  /** Which buttons work now. */
  can: { cancel: boolean; ship: boolean };
};

/** The order with its payments, mails and whole timeline. @throws NotAllowedError, OrderNotFoundError */
export async function getOrderForStaff({ actor, id }: { actor: Actor; id: OrderId }): Promise<StaffOrderView> {
  requireStaff(actor);
  const order = await db().order.findUnique({
    where: { id },
    include: {
      ...orderViewInclude,
      payments: { orderBy: { createdAt: "asc" }, omit: { sessionUrl: true } },
      mails: { orderBy: { createdAt: "asc" } },
    },
  });
  if (!order) throw new OrderNotFoundError();
  return {
    ...toOrderView(order),
    payments: order.payments.map((payment) => ({ ...payment, amount: money(payment.amount, payment.currency) })),
    mails: order.mails.map(({ kind, recipient, createdAt, sentAt }) => ({ kind, recipient, createdAt, sentAt })),
    can: {
      cancel: canPerform("cancel", order) || canPerform("cancelPaid", order),
      ship: canPerform("ship", order),
    },
  };
}
