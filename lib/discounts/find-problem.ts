import type { Discount } from "@/lib/db/generated/client";
import { compare, type Money, money } from "@/lib/money/money";
import type { DiscountProblem } from "./errors";

/**
 * Why the code takes nothing off such an order, or null. `subtotal` is what the items cost before discount. That
 * somebody else is faster with the last use is found when it is taken.
 */
export function findProblem(
  discount: Discount | null,
  { subtotal, now }: { subtotal: Money; now: Date },
): DiscountProblem | null {
  if (!discount?.active) return { kind: "unknown" };
  const { startsAt, endsAt, usageMax, usedCount, currency, minimumSubtotalAmount } = discount;
  if (startsAt && now < startsAt) return { kind: "not-started" };
  if (endsAt && now >= endsAt) return { kind: "expired" };
  if (usageMax !== null && usedCount >= usageMax) return { kind: "used-up" };
  if (currency !== null && currency !== subtotal.currency) return { kind: "other-currency", currency };
  const minimum = money(minimumSubtotalAmount ?? 0, subtotal.currency);
  return compare(subtotal, minimum) < 0 ? { kind: "below-minimum", minimum, subtotal } : null;
}
