import { format, type Money, money, subtract, sum } from "@/lib/money/money";

/** The price of an order in words, row by row: what adds up to the total, the total, and the tax contained in it. */
export type TotalRows = { rows: TotalRow[]; total: TotalRow; contained: TotalRow[] };
export type TotalRow = { label: string; value: string };

type Priced = {
  lines: readonly { taxBasisPoints: number; tax: Money }[];
  subtotal: Money;
  discount: Money;
  shipping: Money;
  shippingTaxBasisPoints: number;
  shippingTax: Money;
  total: Money;
};

type Names = {
  discountCode: string | null;
  /** Undefined where it is not known yet how the order is shipped. */
  shippingName: string | null | undefined;
  taxName: string | null;
  taxIncluded: boolean;
};

/** What pages and mails say about the price of an order. */
export function totalRows(price: Priced, names: Names): TotalRows {
  const taxes = taxRows(price, names.taxName);
  return {
    rows: [
      { label: "Items", value: format(price.subtotal) },
      ...discountRow(price, names.discountCode),
      shippingRow(price, names),
      ...(names.taxIncluded ? [] : taxes),
    ],
    total: { label: totalLabel(names), value: format(price.total) },
    contained: names.taxIncluded ? taxes.map(({ label, value }) => ({ label: `Includes ${label}`, value })) : [],
  };
}

function totalLabel({ shippingName, taxIncluded }: Names): string {
  if (shippingName !== undefined) return "Total";
  return taxIncluded ? "Total before shipping" : "Total before shipping and tax";
}

function discountRow({ discount, shipping }: Priced, code: string | null): TotalRow[] {
  if (code === null) return [];
  const isShipping = discount.amount === 0 && shipping.amount === 0;
  const value = isShipping ? "free shipping" : format(subtract(money(0, discount.currency), discount));
  return [{ label: `Discount ${code}`, value }];
}

/** Before tax where tax is a row of its own. */
function shippingRow({ shipping, shippingTax }: Priced, { shippingName, taxIncluded }: Names): TotalRow {
  const label = shippingName ? `Shipping, ${shippingName}` : "Shipping";
  if (shippingName === undefined) return { label, value: "depends on the country" };
  const cost = taxIncluded ? shipping : subtract(shipping, shippingTax);
  return { label, value: cost.amount === 0 ? "free" : format(cost) };
}

function taxRows({ lines, shippingTaxBasisPoints, shippingTax, total }: Priced, name: string | null): TotalRow[] {
  const taxes = [...lines, { taxBasisPoints: shippingTaxBasisPoints, tax: shippingTax }];
  const rates = [...new Set(taxes.map(({ taxBasisPoints }) => taxBasisPoints))].sort((a, b) => b - a);
  return rates.flatMap((rate) => {
    const parts = taxes.filter(({ taxBasisPoints }) => taxBasisPoints === rate).map(({ tax }) => tax);
    const tax = sum(total.currency, parts);
    return tax.amount === 0 ? [] : [{ label: `${name ?? "tax"} ${rate / 100} %`, value: format(tax) }];
  });
}
