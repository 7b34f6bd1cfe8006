import type { Discount } from "@/lib/db/generated/client";
import { invariant } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";

/** What a discount takes off. */
export type DiscountTerms =
  | { kind: "percent"; basisPoints: number }
  | { kind: "fixed_amount"; amount: Money }
  | { kind: "free_shipping" };

export function toDiscountTerms({
  kind,
  value,
  currency,
}: Pick<Discount, "kind" | "value" | "currency">): DiscountTerms {
  switch (kind) {
    case "percent":
      return { kind, basisPoints: value };
    case "fixed_amount":
      invariant(currency, "a CHECK holds that a fixed amount has its currency");
      return { kind, amount: money(value, currency) };
    case "free_shipping":
      return { kind };
  }
}
