import type { Tx } from "@/lib/db/transaction";
import type { CartId, OrderId } from "@/lib/ids";

/**
 * Holds the cart until the transaction ends, so that it cannot become an order while it is being changed, or the other
 * way round. Null where there is none; `orderId` is set once it has become an order.
 */
export async function lockCart(tx: Tx, cartId: CartId): Promise<{ orderId: OrderId | null } | null> {
  const [cart] = await tx.$queryRaw<{ orderId: OrderId | null }[]>`
    select order_id as "orderId" from cart where id = ${cartId} for update`;
  return cart ?? null;
}

/** The same, for changes: a cart that has become an order is closed. */
export async function lockOpenCart(tx: Tx, cartId: CartId): Promise<boolean> {
  const cart = await lockCart(tx, cartId);
  return cart !== null && cart.orderId === null;
}
