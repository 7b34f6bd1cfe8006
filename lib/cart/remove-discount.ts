import { transaction } from "@/lib/db/transaction";
import type { CartId } from "@/lib/ids";
import { lockOpenCart } from "./lock-cart";

/** Takes the discount code off the cart. May be repeated. */
export async function removeDiscount({ cartId }: { cartId: CartId }): Promise<void> {
  await transaction(async (tx) => {
    if (await lockOpenCart(tx, cartId)) await tx.cart.update({ where: { id: cartId }, data: { discountCode: null } });
  });
}
