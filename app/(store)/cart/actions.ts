"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "@/app/_server/action";
import { readCartId, rememberCartId } from "@/app/_server/cart-cookie";
import { hasScript } from "@/app/_server/has-script";
import { addToCart } from "@/lib/cart/add-to-cart";
import { applyDiscount } from "@/lib/cart/apply-discount";
import { removeCartLine } from "@/lib/cart/remove-cart-line";
import { removeDiscount } from "@/lib/cart/remove-discount";
import { AddToCartInput, RemoveCartLineInput, SetCartLineInput } from "@/lib/cart/schema";
import { setCartLine } from "@/lib/cart/set-cart-line";
import { ApplyDiscountInput, RemoveDiscountInput } from "@/lib/discounts/schema";
import { routes } from "@/lib/routes";

/** The cart's count stands in the frame of every page of the store. */
const refreshStore = () => revalidatePath("/", "layout");

export const addToCartAction = action(AddToCartInput, async (input) => {
  const { cartId } = await addToCart({ cartId: await readCartId(), ...input });
  await rememberCartId(cartId);
  // To the cart instead of the same page again, which a reload would send, and add, once more.
  if (!(await hasScript())) redirect(routes.cart());
  refreshStore();
  return { quantity: input.quantity };
});

export const setCartLineAction = action(SetCartLineInput, async (input) => {
  const cartId = await readCartId();
  if (cartId) await setCartLine({ cartId, ...input });
  refreshStore();
});

export const removeCartLineAction = action(RemoveCartLineInput, async (input) => {
  const cartId = await readCartId();
  if (cartId) await removeCartLine({ cartId, ...input });
  refreshStore();
});

export const applyDiscountAction = action(ApplyDiscountInput, async ({ code }) => {
  const cartId = await readCartId();
  if (cartId) await applyDiscount({ cartId, code, now: new Date() });
  refreshStore();
});

export const removeDiscountAction = action(RemoveDiscountInput, async () => {
  const cartId = await readCartId();
  if (cartId) await removeDiscount({ cartId });
  refreshStore();
});
