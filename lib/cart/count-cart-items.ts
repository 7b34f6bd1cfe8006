import { db } from "@/lib/db/client";
import type { CartId } from "@/lib/ids";

/** How many pieces are in the cart altogether. No cart, an unknown one and one that was ordered are empty. */
export async function countCartItems(cartId: CartId | undefined): Promise<number> {
  if (!cartId) return 0;
  const [counted] = await db().$queryRaw<{ count: number }[]>`
    select coalesce(sum(quantity), 0)::int as count from cart_line join cart on cart.id = cart_line.cart_id
    where cart.id = ${cartId} and cart.order_id is null`;
  return counted?.count ?? 0;
}
