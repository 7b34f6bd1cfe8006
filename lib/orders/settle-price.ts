import type { Discount } from "@/lib/db/generated/client";
import { toDiscountTerms } from "@/lib/discounts/discount-terms";
import { compare, type Money } from "@/lib/money/money";
import { canBeCharged } from "@/lib/payments/can-be-charged";
import {
  AmountNotPayableError,
  CountryNotServedError,
  ShippingNotChosenError,
  ShippingNotOfferedError,
  TotalChangedError,
} from "./errors";
import type { CountryTax, PriceList, ShippingWay } from "./price-list";
import { type OrderPrice, priceOrder } from "./price-order";
import type { ShippingChoice } from "./schema";

export type LineToSettle = { unitPrice: Money; quantity: number; productType: string | null };

/** The price of an order that is being placed, and what it was worked out from. */
export type SettledPrice = {
  price: OrderPrice;
  country: string;
  way: ShippingWay;
  tax: CountryTax;
  taxIncluded: boolean;
  discount: Discount | null;
};

/** What a column of the database holds. */
const amountMax = 2_147_483_647;

/**
 * The price at which an order is placed. The shopper's choice counts only where the store offers that way of shipping
 * to that country, and where the total is still the one that was shown.
 *
 * @throws CountryNotServedError, ShippingNotChosenError, ShippingNotOfferedError, AmountNotPayableError,
 *   TotalChangedError
 */
export function settlePrice(
  list: PriceList,
  asked: {
    lines: readonly LineToSettle[];
    country: string;
    choice: ShippingChoice | undefined;
    discount: Discount | null;
  },
): SettledPrice {
  const { lines, country, choice, discount } = asked;
  const way = wayChosen(list, country, choice);
  const price = priceFor(list, { lines, country, way, discount });
  const isTooLarge = price.subtotal.amount > amountMax;
  if (isTooLarge || !canBeCharged(price.total))
    throw new AmountNotPayableError(isTooLarge ? price.subtotal : price.total);
  const isAsShown = !choice || (choice.total.currency === list.currency && compare(choice.total, price.total) === 0);
  if (!isAsShown) throw new TotalChangedError({ shown: choice.total, total: price.total });
  return { price, country, way, tax: list.taxOf(country), taxIncluded: list.taxIncluded, discount };
}

/** What such an order would cost; without a country, before shipping and added tax. */
export function priceFor(
  list: PriceList,
  asked: {
    lines: readonly LineToSettle[];
    country?: string;
    way?: ShippingWay;
    discount: Discount | null;
  },
): OrderPrice {
  const { lines, country, way, discount } = asked;
  const tax = country === undefined ? undefined : list.taxOf(country);
  return priceOrder(
    lines.map(({ unitPrice, quantity, productType }) => ({
      unitPrice,
      quantity,
      taxBasisPoints: tax?.basisPointsOf(productType) ?? 0,
    })),
    {
      currency: list.currency,
      taxIncluded: list.taxIncluded,
      discount: discount ? toDiscountTerms(discount) : null,
      shipping: way ? { ...way, taxBasisPoints: tax?.shippingBasisPoints ?? 0 } : null,
    },
  );
}

function wayChosen(list: PriceList, country: string, choice: ShippingChoice | undefined): ShippingWay {
  const ways = list.ways.get(country);
  if (!ways) throw new CountryNotServedError(country);
  if (!choice) {
    if (ways.length > 1) throw new ShippingNotChosenError(country);
    return ways[0];
  }
  const way = ways.find(({ id }) => id === choice.rateId);
  if (!way) throw new ShippingNotOfferedError(country);
  return way;
}
