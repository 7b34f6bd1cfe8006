"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "@/app/_server/action";
import { readCartId } from "@/app/_server/cart-cookie";
import { paymentAddress } from "@/app/_server/payment-address";
import { placeOrder } from "@/lib/orders/place-order";
import { PlaceOrderInput } from "@/lib/orders/schema";

/**
 * Makes an order of the cart and sends the shopper on (303): to Stripe's page, or to the order's own where a kept card is
 * charged.
 */
export const placeOrderAction = action(PlaceOrderInput, async (input, { actor }) => {
  // The frame of every page shows what is in the cart, and a refusal may say that prices have changed.
  revalidatePath("/", "layout");
  const placed = await placeOrder({
    cartId: await readCartId(),
    input,
    customer: actor.kind === "customer" ? actor : undefined,
    now: new Date(),
  });
  redirect(await paymentAddress(placed));
});
