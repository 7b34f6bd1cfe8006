import { isDeepStrictEqual } from "node:util";
import { lockCart } from "@/lib/cart/lock-cart";
import { type PricedCartLine, readCartLines } from "@/lib/cart/read-cart-lines";
import { type Tx, transaction } from "@/lib/db/transaction";
import { type CartId, newId, newSecretToken, type OrderId } from "@/lib/ids";
import { holdStock } from "@/lib/inventory/hold-stock";
import { canBeCharged } from "@/lib/payments/can-be-charged";
import { sessionLinesMax } from "@/lib/payments/create-checkout-session";
import { getStoreSettings } from "@/lib/store-settings";
import { addOrderEvent, changeOrder } from "./change-order";
import { AmountNotPayableError, EmptyCartError, NotOnSaleError, TooManyLinesError } from "./errors";
import { holdExpiresAt } from "./hold";
import { type OrderPrice, priceOrder } from "./price-order";
import type { PlaceOrderInput } from "./schema";

export type PlacedOrder = { orderId: OrderId; accessToken: string };

const linesMax = sessionLinesMax - 1;

/**
 * Makes an order of a cart, at the prices in the database, and holds its stock: all in one transaction or nothing. The
 * same cart placed again, at the same time or later, answers the same order; as long as it is not paid, its mail and
 * postal address become what was sent last.
 *
 * @throws EmptyCartError, TooManyLinesError, NotOnSaleError, OutOfStockError, AmountNotPayableError
 */
export async function placeOrder(order: {
  cartId: CartId | undefined;
  input: PlaceOrderInput;
  now: Date;
}): Promise<PlacedOrder> {
  const { cartId, input, now } = order;
  if (!cartId) throw new EmptyCartError();
  const settings = await getStoreSettings();
  return transaction(async (tx) => {
    const cart = await lockCart(tx, cartId);
    if (cart?.orderId) return placedBefore(tx, cart.orderId as OrderId, { input, now });
    const lines = cart ? await readCartLines(cartId, tx) : [];
    requireSellable(lines, settings.currency);
    const price = priceOrder(lines, settings);
    if (!canBeCharged(price.total)) throw new AmountNotPayableError(price.total);

    const placed = await createOrder(tx, { lines, price, input, now });
    await holdStock(tx, { orderId: placed.orderId, lines, expiresAt: holdExpiresAt(now) });
    await tx.cart.update({ where: { id: cartId }, data: { orderId: placed.orderId } });
    return placed;
  });
}

async function placedBefore(
  tx: Tx,
  orderId: OrderId,
  { input: { email, shipTo }, now }: { input: PlaceOrderInput; now: Date },
): Promise<PlacedOrder> {
  const order = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
  const { accessToken } = order;
  if (order.email === email && isDeepStrictEqual(order.shipTo, JSON.parse(JSON.stringify(shipTo))))
    return { orderId, accessToken };
  await changeOrder(tx, {
    orderId,
    action: "correct",
    data: { email, shipTo },
    actor: { kind: "shopper" },
    message: "The address was corrected.",
    now,
  });
  return { orderId, accessToken };
}

function requireSellable(lines: readonly PricedCartLine[], currency: string): void {
  if (lines.length === 0) throw new EmptyCartError();
  if (lines.length > linesMax) throw new TooManyLinesError({ count: lines.length, countMax: linesMax });
  const gone = lines.find(({ onSale, unitPrice }) => !onSale || unitPrice.currency !== currency);
  if (gone) throw new NotOnSaleError(gone.title);
}

async function createOrder(
  tx: Tx,
  { lines, price, input, now }: { lines: PricedCartLine[]; price: OrderPrice; input: PlaceOrderInput; now: Date },
): Promise<PlacedOrder> {
  const orderId = newId("order");
  const accessToken = newSecretToken();
  const { currency } = price.total;
  await tx.order.create({
    data: {
      id: orderId,
      accessToken,
      email: input.email,
      shipTo: input.shipTo,
      currency,
      subtotalAmount: price.subtotal.amount,
      shippingAmount: price.shipping.amount,
      totalAmount: price.total.amount,
      placedAt: now,
    },
  });
  await tx.orderLine.createMany({
    data: lines.map((line, index) => ({
      id: newId("orderLine"),
      orderId,
      position: index + 1,
      variantId: line.variantId,
      title: line.title,
      variantTitle: line.variantTitle,
      sku: line.sku,
      quantity: line.quantity,
      unitPriceAmount: line.unitPrice.amount,
      totalAmount: line.unitPrice.amount * line.quantity,
    })),
  });
  await tx.payment.create({
    data: { id: newId("payment"), orderId, amount: price.total.amount, currency, createdAt: now },
  });
  await addOrderEvent(tx, {
    orderId,
    kind: "place",
    actor: { kind: "shopper" },
    message: "The order was placed and its items set aside.",
    now,
  });
  return { orderId, accessToken };
}
