import type { Random } from "../random";
import type { Cart } from "./rush";

/** What everybody wants. */
export function oneItem(): Cart {
  return [{ variant: 0, quantity: 1 }];
}

/** Up to four of so many variants, in any order, one or two pieces each. */
export function mixedCart(variants: number): (random: Random) => Cart {
  return (random) => {
    const chosen = new Set<number>();
    const count = random.between(1, Math.min(4, variants));
    while (chosen.size < count) chosen.add(random.between(0, variants - 1));
    return [...chosen].map((variant) => ({ variant, quantity: random.between(1, 2) }));
  };
}
