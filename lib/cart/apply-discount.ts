import { transaction } from "@/lib/db/transaction";
import { requireDiscount } from "@/lib/discounts/require-discount";
import type { CartId } from "@/lib/ids";
import { money, sum, times } from "@/lib/money/money";
import { getStoreSettings } from "@/lib/store-settings";
import { lockOpenCart } from "./lock-cart";
import { readCart } from "./read-cart";

/**
 * Keeps a discount code with the cart, if it takes something off what is in it. It is counted as used when the order is
 * placed, and checked again then. @throws DiscountRefusedError: the code that was there stays.
 */
export async function applyDiscount(input: { cartId: CartId; code: string; now: Date }): Promise<void> {
  const { cartId, code, now } = input;
  const { currency } = money(0, (await getStoreSettings()).currency);
  await transaction(async (tx) => {
    if (!(await lockOpenCart(tx, cartId))) return;
    const { lines } = await readCart(cartId, tx);
    const prices = lines.filter(({ unitPrice }) => unitPrice.currency === currency);
    const subtotal = sum(
      currency,
      prices.map(({ unitPrice, quantity }) => times(unitPrice, quantity)),
    );
    await requireDiscount(tx, code, { subtotal, now });
    await tx.cart.update({ where: { id: cartId }, data: { discountCode: code } });
  });
}
