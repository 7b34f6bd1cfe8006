import { type Tx, transaction } from "@/lib/db/transaction";
import { type CartId, newId, type VariantId } from "@/lib/ids";
import { getStoreSettings } from "@/lib/store-settings";
import { OtherCurrencyError, QuantityOutOfBoundsError, VariantNotFoundError } from "./errors";
import { lockOpenCart } from "./lock-cart";
import { quantityMax } from "./schema";

/**
 * Puts items into the cart, on top of what is there. Without a cart, or with one that has become an order, a new one is
 * begun: keep the answered id.
 *
 * @throws VariantNotFoundError, OtherCurrencyError, QuantityOutOfBoundsError (more than 999 altogether)
 */
export async function addToCart(input: {
  cartId?: CartId;
  variantId: VariantId;
  quantity: number;
}): Promise<{ cartId: CartId }> {
  const { currency } = await getStoreSettings();
  return transaction(async (tx) => {
    await requireOnSale(tx, input.variantId, currency);
    const cartId = await openCart(tx, input.cartId);
    const added = await tx.$executeRaw`
      insert into cart_line (cart_id, variant_id, quantity) values (${cartId}, ${input.variantId}, ${input.quantity})
      on conflict (cart_id, variant_id) do update set quantity = cart_line.quantity + excluded.quantity
      where cart_line.quantity + excluded.quantity <= ${quantityMax}`;
    if (added === 0) throw new QuantityOutOfBoundsError();
    return { cartId };
  });
}

async function requireOnSale(tx: Tx, variantId: VariantId, currency: string): Promise<void> {
  const variant = await tx.variant.findFirst({ where: { id: variantId, product: { status: "active" } } });
  if (!variant) throw new VariantNotFoundError(variantId);
  if (variant.priceCurrency !== currency) throw new OtherCurrencyError(variant.priceCurrency, currency);
}

async function openCart(tx: Tx, cartId: CartId | undefined): Promise<CartId> {
  if (cartId && (await lockOpenCart(tx, cartId))) return cartId;
  const fresh = newId("cart");
  await tx.cart.create({ data: { id: fresh } });
  return fresh;
}
