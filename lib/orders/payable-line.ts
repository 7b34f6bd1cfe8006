import type { OrderLine } from "@/lib/db/generated/client";
import { type Money, money } from "@/lib/money/money";

/**
 * A line as Stripe's page shows and charges it. Stripe multiplies unit prices, and a discounted or taxed total is seldom
 * a multiple of whole cents: such a line is one of its total, and its name says how many it is.
 */
export function toPayableLine(
  line: Pick<OrderLine, "title" | "variantTitle" | "quantity" | "unitPriceAmount" | "totalAmount">,
  currency: string,
): { name: string; unitPrice: Money; quantity: number } {
  const { title, variantTitle, quantity, unitPriceAmount, totalAmount } = line;
  const name = variantTitle ? `${title} (${variantTitle})` : title;
  if (totalAmount === unitPriceAmount * quantity)
    return { name, unitPrice: money(unitPriceAmount, currency), quantity };
  return {
    name: quantity === 1 ? name : `${name} × ${quantity}`,
    unitPrice: money(totalAmount, currency),
    quantity: 1,
  };
}
