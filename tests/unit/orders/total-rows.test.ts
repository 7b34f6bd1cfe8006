import { describe, expect, test } from "vitest";
import { money } from "@/lib/money/money";
import { priceOrder } from "@/lib/orders/price-order";
import { totalRows } from "@/lib/orders/total-rows";

const eur = (amount: number) => money(amount, "EUR");
const lines = [
  { unitPrice: eur(1190), quantity: 1, taxBasisPoints: 1900 },
  { unitPrice: eur(1070), quantity: 1, taxBasisPoints: 700 },
];
const shipping = { amount: eur(490), freeFrom: null, taxBasisPoints: 1900 };
const names = { discountCode: null, shippingName: "Standard", taxName: "VAT", taxIncluded: true };
const written = (rows: { label: string; value: string }[]) => rows.map(({ label, value }) => `${label}: ${value}`);

describe("what pages and mails say about a price", () => {
  test("names the tax contained in it below the total, by rate, that of the shipping among it", () => {
    const price = priceOrder(lines, { currency: "EUR", taxIncluded: true, discount: null, shipping });

    const { rows, total, contained } = totalRows(price, names);

    expect(written(rows)).toEqual(["Items: €22.60", "Shipping, Standard: €4.90"]);
    expect(total).toEqual({ label: "Total", value: "€27.50" });
    expect(written(contained)).toEqual(["Includes VAT 19 %: €2.68", "Includes VAT 7 %: €0.70"]);
  });

  test("adds up above the total where tax comes on top", () => {
    const price = priceOrder(lines, { currency: "EUR", taxIncluded: false, discount: null, shipping });

    const { rows, total, contained } = totalRows(price, { ...names, taxIncluded: false });

    expect(written(rows)).toEqual(["Items: €22.60", "Shipping, Standard: €4.90", "VAT 19 %: €3.19", "VAT 7 %: €0.75"]);
    expect(total.value).toBe("€31.44");
    expect(contained).toEqual([]);
  });

  test("names the code beside what it took off, also when that is the shipping", () => {
    const terms = { currency: "EUR", taxIncluded: true, shipping } as const;
    const percent = priceOrder(lines, { ...terms, discount: { kind: "percent", basisPoints: 1000 } });
    const freeShipping = priceOrder(lines, { ...terms, discount: { kind: "free_shipping" } });

    expect(written(totalRows(percent, { ...names, discountCode: "TEN" }).rows)).toContain("Discount TEN: -€2.26");
    expect(written(totalRows(freeShipping, { ...names, discountCode: "POST" }).rows)).toEqual([
      "Items: €22.60",
      "Discount POST: free shipping",
      "Shipping, Standard: free",
    ]);
  });

  test("promises no total as long as shipping is not known", () => {
    const price = priceOrder(lines, { currency: "EUR", taxIncluded: false, discount: null, shipping: null });
    const open = { ...names, shippingName: undefined };

    expect(totalRows(price, open).total.label).toBe("Total before shipping");
    expect(totalRows(price, { ...open, taxIncluded: false }).total.label).toBe("Total before shipping and tax");
  });

  test("an order from before shipping had names says so plainly", () => {
    const price = priceOrder(lines, { currency: "EUR", taxIncluded: true, discount: null, shipping });

    expect(totalRows(price, { ...names, shippingName: null }).rows.at(-1)).toEqual({
      label: "Shipping",
      value: "€4.90",
    });
  });
});
