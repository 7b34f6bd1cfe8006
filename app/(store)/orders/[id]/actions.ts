"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { cancelOwnOrder } from "@/lib/orders/cancel-own-order";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { OrderAccessInput } from "@/lib/orders/schema";
import { accessToTag } from "@/lib/runs/run-access";
import { orderRunTag } from "@/lib/runs/tags";

/** A token to watch the runs of one order, for whoever shows the secret of its link. */
export const orderRunAccessAction = action(OrderAccessInput, async ({ orderId, token }) => {
  const order = await getOrderForShopper(orderId, token);
  return accessToTag(orderRunTag(order.id));
});

/** Its goods are on sale again, so that every page of the store is drawn anew. */
export const cancelOwnOrderAction = action(OrderAccessInput, async ({ orderId, token }) => {
  await cancelOwnOrder({ orderId, accessToken: token, now: new Date() });
  revalidatePath("/", "layout");
});
