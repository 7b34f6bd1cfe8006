import { type CartView, getCart } from "@/lib/cart/get-cart";
import type { CartId } from "@/lib/ids";
import { getStoreSettings } from "@/lib/store-settings";
import { type OrderPrice, priceOrder } from "./price-order";

/** What the cart would cost if it were ordered now. The order itself is priced again when it is placed. */
export async function quoteOrder(cartId: CartId | undefined): Promise<{ cart: CartView; price: OrderPrice }> {
  const [cart, settings] = await Promise.all([getCart(cartId), getStoreSettings()]);
  const sellable = cart.lines.filter(({ unitPrice }) => unitPrice.currency === settings.currency);
  return { cart, price: priceOrder(sellable, settings) };
}
