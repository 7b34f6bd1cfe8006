import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { type CartId, newId, type VariantId } from "@/lib/ids";
import { OtherCurrencyError, QuantityOutOfBoundsError, VariantNotFoundError } from "./errors";
import { lockOpenCart } from "./lock-cart";
import { quantityMax } from "./schema";

type Added = { variantId: VariantId; quantity: number };

/**
 * Puts items into the cart, on top of what is there. Without a cart, or with one that has become an order, a new one is
 * begun: keep the answered id.
 *
 * @throws VariantNotFoundError, OtherCurrencyError, QuantityOutOfBoundsError (more than 999 altogether)
 */
export async function addToCart({ cartId, ...added }: Added & { cartId?: CartId }): Promise<{ cartId: CartId }> {
  if (cartId) {
    await requireOnSale(added.variantId);
    if (await addToOpenCart(cartId, added)) return { cartId };
  }
  return { cartId: await beginCart(added) };
}

async function requireOnSale(variantId: VariantId): Promise<void> {
  const [found] = await db().$queryRaw<{ itemCurrency: string; storeCurrency: string }[]>`
    select price_currency as "itemCurrency", store_settings.currency as "storeCurrency"
    from variant join product on product.id = variant.product_id cross join store_settings
    where variant.id = ${variantId} and product.status = 'active'`;
  if (!found) throw new VariantNotFoundError(variantId);
  const { itemCurrency, storeCurrency } = found;
  if (itemCurrency !== storeCurrency) throw new OtherCurrencyError(itemCurrency, storeCurrency);
}

/** False where there is no such cart, or it has become an order. */
function addToOpenCart(cartId: CartId, { variantId, quantity }: Added): Promise<boolean> {
  return transaction(async (tx) => {
    if (!(await lockOpenCart(tx, cartId))) return false;
    const added = await tx.$executeRaw`
      insert into cart_line (cart_id, variant_id, quantity) values (${cartId}, ${variantId}, ${quantity})
      on conflict (cart_id, variant_id) do update set quantity = cart_line.quantity + excluded.quantity
      where cart_line.quantity + excluded.quantity <= ${quantityMax}`;
    if (added === 0) throw new QuantityOutOfBoundsError();
    return true;
  });
}

/** A cart with its first line, where that can be bought: in one statement, and only a refusal is looked into. */
async function beginCart({ variantId, quantity }: Added): Promise<CartId> {
  const cartId = newId("cart");
  const added = await db().$executeRaw`
    with item as (
      select variant.id
      from variant join product on product.id = variant.product_id
        join store_settings on store_settings.currency = price_currency
      where variant.id = ${variantId} and product.status = 'active'),
    begun as (insert into cart (id, updated_at) select ${cartId}, now() from item returning id)
    insert into cart_line (cart_id, variant_id, quantity) select begun.id, item.id, ${quantity} from begun, item`;
  if (added === 1) return cartId;
  await requireOnSale(variantId);
  throw new VariantNotFoundError(variantId); // It went on sale this moment.
}
