import { transaction } from "@/lib/db/transaction";
import type { CartId, VariantId } from "@/lib/ids";
import { CartLineNotFoundError } from "./errors";
import { lockOpenCart } from "./lock-cart";

/** Sets how many of an item are in the cart. May be repeated. @throws CartLineNotFoundError */
export async function setCartLine(input: { cartId: CartId; variantId: VariantId; quantity: number }): Promise<void> {
  const { cartId, variantId, quantity } = input;
  await transaction(async (tx) => {
    if (!(await lockOpenCart(tx, cartId))) throw new CartLineNotFoundError();
    const changed = await tx.cartLine.updateMany({ where: { cartId, variantId }, data: { quantity } });
    if (changed.count === 0) throw new CartLineNotFoundError();
  });
}
