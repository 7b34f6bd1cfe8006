import { DomainError } from "@/lib/errors";

export class VariantNotFoundError extends DomainError {
  constructor(variantId: string) {
    super({
      code: "variant-not-found",
      kind: "not-found",
      publicMessage: "This item is not in the store (any more), so it was not put into your cart.",
      message: `No variant on sale: ${variantId}`,
    });
  }
}

/** An item whose price is in another currency than the store's cannot be in an order of the store's currency. */
export class OtherCurrencyError extends DomainError {
  constructor(itemCurrency: string, storeCurrency: string) {
    super({
      code: "other-currency",
      kind: "conflict",
      publicMessage: `This item is priced in ${itemCurrency}, and this store sells in ${storeCurrency}, so it cannot be bought here.`,
    });
  }
}

export class QuantityOutOfBoundsError extends DomainError {
  constructor() {
    super({
      code: "quantity-out-of-bounds",
      kind: "invalid",
      publicMessage: "You can have at most 999 of one item in your cart. The quantity was left as it was.",
    });
  }
}

export class CartLineNotFoundError extends DomainError {
  constructor() {
    super({
      code: "cart-line-not-found",
      kind: "not-found",
      publicMessage: "This item is not in your cart any more. Reload the page to see what is.",
    });
  }
}
