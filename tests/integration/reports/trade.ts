import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";

/** A sale as a test writes it down; what a report says of it is worked out from this and never from the store's SQL. */
export type Sale = {
  currency: string;
  shipping: number;
  /** Shipping and lines cost what they cost with `tax`; a line's `discount` comes off its price. */
  shippingTax?: number;
  /** Whether the lines' prices contain their tax; else it comes on top of them. */
  taxIncluded?: boolean;
  lines: { title: string; quantity: number; unitPrice: number; discount?: number; tax?: number }[];
  payment: "created" | "authorized" | "captured" | "voided" | "failed" | "none";
  capturedAt: Date;
};

const sumOf = (sale: Sale, part: (line: Sale["lines"][number]) => number) =>
  sale.lines.reduce((sum, line) => sum + part(line), 0);
export const grossOf = (sale: Sale) => sumOf(sale, (line) => line.quantity * line.unitPrice);
export const discountOf = (sale: Sale) => sumOf(sale, (line) => line.discount ?? 0);
export const taxOf = (sale: Sale) => sumOf(sale, (line) => line.tax ?? 0) + (sale.shippingTax ?? 0);
export const paidFor = (sale: Sale, line: Sale["lines"][number]) =>
  line.quantity * line.unitPrice - (line.discount ?? 0) + (sale.taxIncluded === false ? (line.tax ?? 0) : 0);
export const goodsOf = (sale: Sale) => sumOf(sale, (line) => paidFor(sale, line));
export const unitsOf = (sale: Sale) => sale.lines.reduce((sum, line) => sum + line.quantity, 0);
export const totalOf = (sale: Sale) => goodsOf(sale) + sale.shipping;

/** Writes the rows that such a sale leaves, straight into the tables; answers the orders' numbers. */
export async function writeSales(sales: readonly Sale[]): Promise<number[]> {
  const numbered = sales.map((sale) => ({ sale, id: newId("order") }));
  await db().order.createMany({
    data: numbered.map(({ sale, id }) => {
      const paid = sale.payment === "captured";
      return {
        id,
        status: paid ? ("confirmed" as const) : ("pending" as const),
        paymentStatus: paid ? ("paid" as const) : ("unpaid" as const),
        email: "ada@example.com",
        shipTo: { name: "Ada Lovelace", line1: "1 High Street", postalCode: "1010", city: "Wien", country: "AT" },
        currency: sale.currency,
        subtotalAmount: grossOf(sale),
        discountCode: discountOf(sale) > 0 ? "TEST" : null,
        discountAmount: discountOf(sale),
        shippingTaxAmount: sale.shippingTax,
        taxIncluded: sale.taxIncluded,
        taxAmount: taxOf(sale),
        shippingAmount: sale.shipping,
        totalAmount: totalOf(sale),
        accessToken: id,
        placedAt: sale.capturedAt,
        confirmedAt: paid ? sale.capturedAt : null,
      };
    }),
  });
  await db().orderLine.createMany({
    data: numbered.flatMap(({ sale, id }) =>
      sale.lines.map((line, position) => ({
        id: newId("orderLine"),
        orderId: id,
        position,
        title: line.title,
        variantTitle: "Default Title",
        quantity: line.quantity,
        unitPriceAmount: line.unitPrice,
        discountAmount: line.discount,
        taxRateBasisPoints: line.tax ? 1900 : 0,
        taxAmount: line.tax,
        totalAmount: paidFor(sale, line),
      })),
    ),
  });
  await db().payment.createMany({
    data: numbered.flatMap(({ sale, id }) =>
      sale.payment === "none"
        ? []
        : [
            {
              id: newId("payment"),
              orderId: id,
              state: sale.payment,
              amount: totalOf(sale),
              currency: sale.currency,
              capturedAt: sale.payment === "captured" ? sale.capturedAt : null,
            },
          ],
    ),
  });
  const rows = await db().order.findMany({
    where: { id: { in: numbered.map(({ id }) => id) } },
    select: { id: true, number: true },
  });
  const numbers = new Map(rows.map((row) => [row.id, row.number]));
  return numbered.map(({ id }) => numbers.get(id) ?? 0);
}

/** Random numbers that one seed repeats (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
