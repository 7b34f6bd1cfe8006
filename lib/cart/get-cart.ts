import type { StoreSettings } from "@/lib/db/generated/client";
import type { CartId } from "@/lib/ids";
import { type Currency, type Money, money, sum, times } from "@/lib/money/money";
import { getStoreSettings } from "@/lib/store-settings";
import { type PricedCartLine, readCartLines } from "./read-cart-lines";

/** Why a line cannot be ordered as it is. */
export type CartProblem = "not-on-sale" | "sold-out" | "not-enough";

export type CartLineView = PricedCartLine & { total: Money; problem: CartProblem | null };

export type CartView = {
  lines: CartLineView[];
  /** How many pieces altogether. */
  itemCount: number;
  subtotal: Money;
  /** True when there is something in it and every line can be ordered. */
  orderable: boolean;
};

/** The cart with current prices and availability. No cart, an unknown one and one that was ordered are empty. */
export async function getCart(
  cartId: CartId | undefined,
  settings?: Pick<StoreSettings, "currency">,
): Promise<CartView> {
  const { currency } = money(0, (settings ?? (await getStoreSettings())).currency);
  return view(currency, cartId ? await readCartLines(cartId) : []);
}

function view(currency: Currency, priced: PricedCartLine[]): CartView {
  const lines = priced.map((line) => ({
    ...line,
    total: times(line.unitPrice, line.quantity),
    problem: problemOf(line, currency),
  }));
  const inCurrency = lines.filter(({ unitPrice }) => unitPrice.currency === currency);
  return {
    lines,
    itemCount: lines.reduce((count, { quantity }) => count + quantity, 0),
    subtotal: sum(
      currency,
      inCurrency.map(({ total }) => total),
    ),
    orderable: lines.length > 0 && lines.every(({ problem }) => problem === null),
  };
}

function problemOf({ onSale, available, quantity, unitPrice }: PricedCartLine, currency: Currency): CartProblem | null {
  if (!onSale || unitPrice.currency !== currency) return "not-on-sale";
  if (available === null || available >= quantity) return null;
  return available === 0 ? "sold-out" : "not-enough";
}
