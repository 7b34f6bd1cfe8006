import { quote } from "../candidate";
import { readPrice } from "../price";
import { RowProblem } from "../table/row-problem";
import type { OrderRow } from "./order-group";
import type { OrderRules } from "./order-rules";
import { lineOf, orNull, type Problem } from "./order-text";
import type { OrderHead } from "./read-head";

const quantityMax = 1_000_000;

/** `quantity` is below nothing for what came back. */
export type ReadLine = {
  kind: "product" | "fee" | "shipping";
  sku: string | null;
  title: string;
  quantity: number;
  unitPriceAmount: number;
  discountAmount: number;
};

/** Undefined for a row with a price of 0. @throws RowProblem */
export function readLine(row: OrderRow, head: OrderHead, rules: OrderRules): ReadLine | undefined {
  const problem: Problem = (field, reason) => new RowProblem(row.heading(field), `Row ${row.rowNumber}: ${reason}`);
  const price = readPrice(row.text("unitPrice") ?? "", head.currency);
  if ("problem" in price) throw problem("unitPrice", price.problem);
  if (price.amount === 0) return undefined;
  const quantity = quantityOf(row.text("quantity") ?? "", problem);
  const sku = orNull(lineOf(row.text("sku") ?? "", "sku", problem));
  const title = lineOf(row.text("title") ?? "", "title", problem) || sku;
  if (!title) throw problem("title", "it is not said what was sold.");
  const discount = readPrice(row.text("lineDiscount") || "0", head.currency);
  if ("problem" in discount) throw problem("lineDiscount", discount.problem);
  if (discount.amount > price.amount * Math.abs(quantity))
    throw problem("lineDiscount", "the discount is larger than the price.");
  const code = sku?.toUpperCase() ?? "";
  return {
    kind: rules.shippingCodes.has(code) ? "shipping" : rules.feeCodes.has(code) ? "fee" : "product",
    sku,
    title,
    quantity,
    unitPriceAmount: price.amount,
    discountAmount: discount.amount,
  };
}

function quantityOf(text: string, problem: Problem): number {
  if (!/^[+-]?\d{1,9}(\.0+)?$/.test(text)) throw problem("quantity", `${quote(text)} is no whole number of pieces.`);
  const quantity = Number(text);
  if (quantity === 0) throw problem("quantity", "there are 0 pieces.");
  if (Math.abs(quantity) > quantityMax)
    throw problem("quantity", `there are more than ${quantityMax.toLocaleString("en-IE")} pieces.`);
  return quantity;
}
