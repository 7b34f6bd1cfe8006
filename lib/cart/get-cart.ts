import type { StoreSettings } from "@/lib/db/generated/client";
import type { CartId } from "@/lib/ids";
import { type Currency, type Money, money, sum, times } from "@/lib/money/money";
import { getStoreSettings } from "@/lib/store-settings";
import { type PricedCart, type PricedCartLine, readCart } from "./read-cart";

/** Why a line cannot be ordered as it is. */
export type CartProblem = "not-on-sale" | "sold-out" | "not-enough";

export type CartLineView = PricedCartLine & { total: Money; problem: CartProblem | null };

export type CartView = {
  lines: CartLineView[];
  /** How many pieces altogether. */
  itemCount: number;
  subtotal: Money;
  /** The code that is kept with the cart. */
  discountCode: string | null;
  /** True when there is something in it and every line can be ordered. */
  orderable: boolean;
};

/** The cart with current prices and availability. No cart, an unknown one and one that was ordered are empty. */
export async function getCart(
  cartId: CartId | undefined,
  settings?: Pick<StoreSettings, "currency">,
): Promise<CartView> {
  const { currency } = money(0, (settings ?? (await getStoreSettings())).currency);
  return view(currency, cartId ? await readCart(cartId) : { lines: [], discountCode: null });
}

function view(currency: Currency, cart: PricedCart): CartView {
  const lines = cart.lines.map((line) => ({
    ...line,
    total: times(line.unitPrice, line.quantity),
    problem: problemOf(line),
  }));
  const inCurrency = lines.filter(({ unitPrice }) => unitPrice.currency === currency);
  return {
    lines,
    itemCount: lines.reduce((count, { quantity }) => count + quantity, 0),
    subtotal: sum(
      currency,
      inCurrency.map(({ total }) => total),
    ),
    discountCode: cart.discountCode,
    orderable: lines.length > 0 && lines.every(({ problem }) => problem === null),
  };
}

function problemOf({ onSale, available, quantity }: PricedCartLine): CartProblem | null {
  if (!onSale) return "not-on-sale";
  if (available === null || available >= quantity) return null;
  return available === 0 ? "sold-out" : "not-enough";
}
