import { db } from "@/lib/db/client";
import { toPayableLine } from "@/lib/orders/payable-line";
import { priceBy, type Wanted } from "./expected";
import type { Code, Country, Shop, Way } from "./shop";

/** What is to be charged for an order as it is written down, against the oracle. Sentences for what differs. */
export async function compareOrder(
  shop: Shop,
  orderId: string,
  asked: { lines: readonly Wanted[]; country: Country; way: Way; code: Code | null; card: string | null },
): Promise<string[]> {
  const order = await db().order.findUniqueOrThrow({
    where: { id: orderId },
    include: { lines: { orderBy: { position: "asc" } }, payments: { where: { state: "created" } } },
  });
  // Lines that were put in within the same millisecond may stand in any order; the odd units follow it.
  const lines = order.lines.flatMap(
    ({ variantId }) => asked.lines.find(({ item }) => item.variantId === variantId) ?? [],
  );
  const price = priceBy(shop, { ...asked, lines });
  const payable = order.lines.map((line) => toPayableLine(line, order.currency));
  const atStripe = payable.reduce(
    (sum, { unitPrice, quantity }) => sum + unitPrice.amount * quantity,
    order.shippingAmount,
  );
  const pairs: [string, unknown, unknown][] = [
    ["lines", order.lines.length, asked.lines.length],
    ["currency", order.currency, shop.currency],
    ["subtotal", order.subtotalAmount, price.subtotal],
    ["discount", order.discountAmount, price.discount],
    ["code", order.discountCode, asked.code?.code ?? null],
    ["shipping", order.shippingAmount, price.shipping],
    ["tax of the shipping", order.shippingTaxAmount, price.shippingTax],
    ["way of shipping", order.shippingRateId, asked.way.id],
    ["tax", order.taxAmount, price.tax],
    ["total", order.totalAmount, price.total],
    ["payments", order.payments.length, 1],
    ["payment", order.payments[0]?.amount, price.total],
    ["payment's currency", order.payments[0]?.currency, shop.currency],
    ["way to pay", order.payments[0]?.kind, asked.card ? "saved_card" : "page"],
    ["card", order.payments[0]?.savedCardId, asked.card],
    ["sum on Stripe's page", atStripe, price.total],
    ...order.lines.flatMap((line, index): [string, unknown, unknown][] => [
      [`line ${index + 1}, price`, line.unitPriceAmount, lines[index]?.item.unit],
      [`line ${index + 1}, quantity`, line.quantity, lines[index]?.quantity],
      [`line ${index + 1}, discount`, line.discountAmount, price.lines[index]?.discount],
      [`line ${index + 1}, tax`, line.taxAmount, price.lines[index]?.tax],
      [`line ${index + 1}, total`, line.totalAmount, price.lines[index]?.total],
    ]),
  ];
  return pairs
    .filter(([, found, expected]) => String(found) !== String(expected))
    .map(([what, found, expected]) => `Order ${orderId}: ${what} is ${found}, and should be ${expected}.`);
}
