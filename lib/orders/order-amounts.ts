import { invariant } from "@/lib/errors";
import type { OrderPrice } from "./price-order";
import type { SettledPrice } from "./settle-price";

/** The price of an order as its row keeps it. */
export function orderAmounts({ price, way, tax, taxIncluded, discount }: SettledPrice) {
  return {
    subtotalAmount: price.subtotal.amount,
    discountId: discount?.id ?? null,
    discountCode: discount?.code ?? null,
    discountAmount: price.discount.amount,
    shippingRateId: way.id,
    shippingRateName: way.name,
    shippingAmount: price.shipping.amount,
    shippingTaxAmount: price.shippingTax.amount,
    shippingTaxBasisPoints: price.shippingTaxBasisPoints,
    taxName: tax.name,
    taxIncluded,
    taxAmount: price.tax.amount,
    totalAmount: price.total.amount,
  };
}

/** The price of an order's line as its row keeps it. */
export function lineAmounts(price: OrderPrice, index: number) {
  const line = price.lines[index];
  invariant(line, "a price has the lines of its order");
  return {
    discountAmount: line.discount.amount,
    taxRateBasisPoints: line.taxBasisPoints,
    taxAmount: line.tax.amount,
    totalAmount: line.total.amount,
  };
}
