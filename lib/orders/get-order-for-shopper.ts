import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { OrderNotFoundError } from "./errors";
import { internalEventKinds } from "./internal-events";
import { canPerform } from "./order-status";
import { type OrderView, orderViewInclude, toOrderView } from "./order-view";

/** `canPay`: the shopper may go (back) to the payment page. `canCancel`: and may cancel what was paid. */
export type ShopperOrderView = OrderView & { canPay: boolean; canCancel: boolean };

/**
 * The order for whoever shows the secret of its link. The timeline leaves out what is for staff, and who they are.
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
  return { ...view, timeline, canPay: canPerform("pay", order), canCancel: canPerform("cancelOwn", order) };
}
