import type Stripe from "stripe";
import type { Call } from "../call";
import { createPrice } from "../catalog/create-price";
import { createProduct } from "../catalog/create-product";
import { idOf } from "../ids";
import { invalidRequest, noSuch } from "../wire";
import type { LineInput } from "./create-line";

export type AskedLine = {
  quantity: number;
  metadata: Stripe.Metadata;
  price?: string;
  priceData?: {
    currency: string;
    unitAmount: number;
    taxBehavior: Stripe.Price.TaxBehavior;
    product: { name: string; description: string | null; images: string[]; metadata: Stripe.Metadata };
  };
};

/** Finds the price of each line, or makes one of its `price_data`: inactive and with a product of its own, as Stripe does. */
export function priceLines(call: Call, asked: AskedLine[]): LineInput[] {
  return asked.map((line, index) => {
    const rest = { quantity: line.quantity, metadata: line.metadata };
    if (line.priceData) {
      const { currency, unitAmount, taxBehavior, product: about } = line.priceData;
      const product = createProduct(call, { ...about, active: false });
      const price = createPrice(call, {
        active: false,
        currency,
        product: product.id,
        tax_behavior: taxBehavior,
        unit_amount: unitAmount,
      });
      return { ...rest, price, name: product.name };
    }
    const param = `line_items[${index}][price]`;
    if (line.price === undefined) {
      throw invalidRequest(`You must specify either \`price\` or \`price_data\` in line_items[${index}].`, { param });
    }
    const price = call.store.prices.get(line.price);
    if (!price) throw noSuch("price", line.price, { param, status: 400 });
    if (!price.active) throw invalidRequest(`The price specified is inactive: ${price.id}.`, { param });
    if (price.recurring) {
      throw invalidRequest(
        "You specified `payment` mode but passed a recurring price. Use only one-time prices here: the local Stripe has no `subscription` mode.",
        { param },
      );
    }
    const product = call.store.products.get(idOf(price.product) ?? "");
    return { ...rest, price, name: product?.name ?? price.id };
  });
}
