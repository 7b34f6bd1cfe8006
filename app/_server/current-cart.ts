import { cache } from "react";
import { type CartView, getCart } from "@/lib/cart/get-cart";
import { readCartId } from "./cart-cookie";
import { recentTerms } from "./store-terms";

/** The cart of this browser, for pages: read once for the page and the frame around it. */
export const currentCart = cache(async (): Promise<CartView> => {
  const [cartId, { settings }] = await Promise.all([readCartId(), recentTerms()]);
  return getCart(cartId, settings);
});
