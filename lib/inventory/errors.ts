import { DomainError } from "@/lib/errors";
import type { VariantId } from "@/lib/ids";

/** There is less of a variant than was asked for. `available` was true at the moment of asking. */
export class OutOfStockError extends DomainError {
  readonly variantId: VariantId;
  readonly available: number;

  constructor(options: { variantId: VariantId; title: string; available: number; wanted: number }) {
    const { title, available, wanted } = options;
    super({
      code: "out-of-stock",
      kind: "conflict",
      publicMessage:
        available > 0
          ? `Only ${available} of ${title} ${available === 1 ? "is" : "are"} left, and you asked for ${wanted}. Lower the quantity in your cart.`
          : `${title} has just been sold out. Remove it from your cart to go on.`,
      message: `${wanted} of ${options.variantId} wanted, ${available} available`,
    });
    this.variantId = options.variantId;
    this.available = available;
  }
}
