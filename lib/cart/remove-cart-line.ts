import { transaction } from "@/lib/db/transaction";
import type { CartId, VariantId } from "@/lib/ids";
import { lockOpenCart } from "./lock-cart";

/** Takes an item out of the cart. What is not there (any more) is no error, so it may be repeated. */
export async function removeCartLine(input: { cartId: CartId; variantId: VariantId }): Promise<void> {
  const { cartId, variantId } = input;
  await transaction(async (tx) => {
    if (await lockOpenCart(tx, cartId)) await tx.cartLine.deleteMany({ where: { cartId, variantId } });
  });
}
