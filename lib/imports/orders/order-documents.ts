import type { PastLine, PastOrderInput } from "@/lib/history/past-order";
import { allocate, type Currency, decimals, format, money } from "@/lib/money/money";
import { RowProblem } from "../table/row-problem";
import type { OrderHead } from "./read-head";
import type { ReadLine } from "./read-line";

/** The most that the database keeps. */
const amountMax = 2_147_483_647;

/**
 * What the lines of an order are: what was sold, what came back, or both, each a document of its own.
 *
 * @throws RowProblem where the parts do not come to what the file says
 */
export function documentsOf(lines: readonly ReadLine[], head: OrderHead): PastOrderInput[] {
  const sold = lines.filter(({ quantity }) => quantity > 0);
  const back = lines.filter(({ quantity }) => quantity < 0).map((line) => ({ ...line, quantity: -line.quantity }));
  if (back.length > 0 && head.refunded > 0)
    throw head.problem("refunded", "it says an amount that was refunded, and has lines that came back too.");
  if (sold.length === 0) return [documentOf("refund", back, head)];
  if (back.length > 0) return soldAndBack(sold, back, head);
  const sale = saleOf(sold, head);
  return head.refunded > 0 ? [sale, refundOf(sale, head)] : [sale];
}

/** The total is what was left in the end. */
function soldAndBack(sold: readonly ReadLine[], back: readonly ReadLine[], head: OrderHead): PastOrderInput[] {
  const noExtras = { discount: 0, discountCode: null, shipping: 0, tax: undefined, total: undefined };
  const refund = documentOf("refund", back, { ...head, ...noExtras });
  const total = head.total === undefined ? undefined : head.total + refund.totalAmount;
  return [saleOf(sold, { ...head, total }), refund];
}

/** Some shops count the discounts of lines into that of the order, and some do not: the total says which. */
function saleOf(sold: readonly ReadLine[], head: OrderHead): PastOrderInput {
  const isCountedTwice = head.discount > 0 && sold.some(({ discountAmount }) => discountAmount > 0);
  if (!isCountedTwice || head.total === undefined) return documentOf("sale", sold, head);
  const undiscounted = sold.map((line) => ({ ...line, discountAmount: 0 }));
  try {
    return documentOf("sale", undiscounted, head);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return documentOf("sale", sold, head);
  }
}

/** Discount and tax of the order are spread over its lines in proportion, by largest remainder. */
function documentOf(kind: PastOrderInput["kind"], read: readonly ReadLine[], head: OrderHead): PastOrderInput {
  const goods = read.filter((line) => line.kind !== "shipping");
  const shipping = read
    .filter((line) => line.kind === "shipping")
    .reduce((sum, line) => sum + worthOf(line) - line.discountAmount, head.shipping);
  const subtotal = goods.reduce((sum, line) => sum + worthOf(line), 0);
  const afterLines = goods.map((line) => worthOf(line) - line.discountAmount);
  const goodsAmount = afterLines.reduce((sum, amount) => sum + amount, 0);
  if (head.discount > goodsAmount) throw head.problem("discount", "the discount is larger than what was bought.");
  const discounts = spread(head.discount, afterLines, head.currency);
  const net = afterLines.map((amount, index) => amount - (discounts[index] ?? 0));
  within32(subtotal, head);
  within32(shipping, head);
  const { taxIncluded, total } = settleTax(goodsAmount - head.discount + shipping, head);
  const tax = head.tax ?? 0;
  const taxes = spread(tax, net, head.currency);
  return {
    kind,
    number: head.number,
    placedAt: head.placedAt,
    email: head.email,
    customer: head.customer,
    name: head.name,
    country: head.country,
    currency: head.currency,
    subtotalAmount: subtotal,
    discountAmount: subtotal - goodsAmount + head.discount,
    discountCode: head.discountCode,
    shippingAmount: shipping,
    shippingName: head.shippingName,
    taxAmount: tax,
    taxIncluded,
    totalAmount: within32(total, head),
    lines: goods.map((line, index): PastLine => {
      const taxAmount = taxes[index] ?? 0;
      return {
        kind: line.kind === "fee" ? "fee" : "product",
        sku: line.sku,
        title: line.title,
        quantity: line.quantity,
        unitPriceAmount: line.unitPriceAmount,
        discountAmount: line.discountAmount + (discounts[index] ?? 0),
        taxAmount,
        totalAmount: (net[index] ?? 0) + (taxIncluded ? 0 : taxAmount),
      };
    }),
  };
}

const worthOf = ({ unitPriceAmount, quantity }: ReadLine) => unitPriceAmount * quantity;

/** Nothing is spread over lines that are worth nothing: tax of such an order is of its shipping. */
function spread(amount: number, weights: readonly number[], currency: Currency): number[] {
  if (amount === 0 || weights.every((weight) => weight === 0)) return weights.map(() => 0);
  return allocate(money(amount, currency), weights).map((share) => share.amount);
}

/** Whether the tax is in the prices: the total says so. Without one it is taken to be. */
function settleTax(parts: number, head: OrderHead): { taxIncluded: boolean; total: number } {
  const tax = head.tax ?? 0;
  if (head.total === undefined || head.total === parts) {
    if (tax > parts) throw head.problem("tax", "the tax is larger than the total.");
    return { taxIncluded: true, total: parts };
  }
  if (tax > 0 && head.total === parts + tax) return { taxIncluded: false, total: parts + tax };
  const words = (amount: number) => format(money(amount, head.currency));
  const withTax = tax > 0 ? `, with tax to ${words(parts + tax)}` : "";
  throw head.problem("total", `its parts come to ${words(parts)}${withTax}, and its total says ${words(head.total)}.`);
}

function within32(amount: number, head: OrderHead): number {
  if (amount > amountMax)
    throw head.problem(
      "total",
      `its amount is larger than ${amountMax / 10 ** decimals(head.currency)} ${head.currency}.`,
    );
  return amount;
}

/** A refund of an order: all of it, or an amount of which no more is known. */
function refundOf(sale: PastOrderInput, head: OrderHead): PastOrderInput {
  if (head.refunded > sale.totalAmount) throw head.problem("refunded", "more was refunded than it cost.");
  if (head.refunded === sale.totalAmount) return { ...sale, kind: "refund" };
  const amount = head.refunded;
  return {
    ...sale,
    kind: "refund",
    subtotalAmount: amount,
    discountAmount: 0,
    discountCode: null,
    shippingAmount: 0,
    shippingName: null,
    taxAmount: 0,
    taxIncluded: true,
    totalAmount: amount,
    lines: [
      {
        kind: "fee",
        sku: null,
        title: "Refunded in part",
        quantity: 1,
        unitPriceAmount: amount,
        discountAmount: 0,
        taxAmount: 0,
        totalAmount: amount,
      },
    ],
  };
}
