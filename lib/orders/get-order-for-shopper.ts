import { db } from "@/lib/db/client";
import type { Order, Payment } from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { OrderNotFoundError } from "./errors";
import { internalEventKinds } from "./internal-events";
import { canPerform } from "./order-status";
import { type OrderView, orderViewInclude, toOrderView } from "./order-view";
import { isRefundOff } from "./refund-status";

/**
 * `canPay`: the shopper may go (back) to the payment page. `isBeingCharged`: a saved card is, so that there is nothing
 * to do. `askedBecause`: why the saved card would not do, where the shopper was asked to pay on the page instead. `canCancel`: the shopper may cancel what was paid, and then
 * gets `left` back.
 */
export type ShopperOrderView = OrderView & {
  canPay: boolean;
  isBeingCharged: boolean;
  askedBecause: string | null;
  canCancel: boolean;
  left: Money;
};

/**
 * The order for whoever shows the secret of its link. What is for staff is left out: lines of the timeline, who they are,
 * refunds that failed.
 *
 * @throws OrderNotFoundError for an unknown order and for a wrong secret alike.
 */
export async function getOrderForShopper(id: OrderId, accessToken: string): Promise<ShopperOrderView> {
  const order = await db().order.findFirst({
    where: { id, accessToken },
    include: { ...orderViewInclude, payments: { orderBy: { createdAt: "desc" } } },
  });
  if (!order) throw new OrderNotFoundError();
  const view = toOrderView(order);
  const timeline = view.timeline
    .filter(({ kind }) => !internalEventKinds.includes(kind))
    .map((entry) => ({ ...entry, actor: entry.actor === "shopper" ? "shopper" : "store" }));
  const refunds = view.refunds.filter(({ state }) => !isRefundOff(state));
  return {
    ...view,
    refunds,
    timeline,
    ...payingOf(order),
    canCancel: canPerform("cancelOwn", order),
    left: money(order.totalAmount - order.refundedAmount, order.currency),
  };
}

function payingOf(order: Order & { payments: Payment[] }) {
  const mayPay = canPerform("pay", order);
  const begun = order.payments.find(({ state }) => state === "created");
  const tried = order.payments.find(({ kind, state }) => kind === "saved_card" && state === "failed");
  const isBeingCharged = mayPay && begun?.kind === "saved_card";
  const canPay = mayPay && !isBeingCharged;
  return { canPay, isBeingCharged, askedBecause: canPay ? (tried?.failureReason ?? null) : null };
}
