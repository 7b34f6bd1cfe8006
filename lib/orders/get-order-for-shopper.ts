import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { OrderNotFoundError } from "./errors";
import { internalEventKinds } from "./internal-events";
import { canPerform } from "./order-status";
import { type OrderView, orderViewInclude, toOrderView } from "./order-view";
import { isRefundOff } from "./refund-status";

/**
 * `canPay`: the shopper may go (back) to the payment page. `canCancel`: the shopper may cancel what was paid, and then
 * gets `left` back.
 */
export type ShopperOrderView = OrderView & { canPay: boolean; canCancel: boolean; left: Money };

/**
 * The order for whoever shows the secret of its link. What is for staff is left out: lines of the timeline, who they are,
 * refunds that failed.
 *
 * @throws OrderNotFoundError for an unknown order and for a wrong secret alike.
 */
export async function getOrderForShopper(id: OrderId, accessToken: string): Promise<ShopperOrderView> {
  const order = await db().order.findFirst({ where: { id, accessToken }, include: orderViewInclude });
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
    canPay: canPerform("pay", order),
    canCancel: canPerform("cancelOwn", order),
    left: money(order.totalAmount - order.refundedAmount, order.currency),
  };
}
