import type { CustomerActor } from "@/lib/accounts/actor";
import { lockCart } from "@/lib/cart/lock-cart";
import { type PricedCartLine, readCart } from "@/lib/cart/read-cart";
import { type Tx, transaction } from "@/lib/db/transaction";
import { requireDiscount } from "@/lib/discounts/require-discount";
import { takeDiscount } from "@/lib/discounts/take-discount";
import { TemporaryError } from "@/lib/errors";
import type { CartId, OrderId } from "@/lib/ids";
import { OutOfStockError } from "@/lib/inventory/errors";
import { holdStock } from "@/lib/inventory/hold-stock";
import { sum, times } from "@/lib/money/money";
import { expireCheckoutSession } from "@/lib/payments/checkout-session";
import { sessionLinesMax } from "@/lib/payments/create-checkout-session";
import { choosePaying } from "./choose-paying";
import { correctOrder } from "./correct-order";
import { EmptyCartError, NotOnSaleError, PageOpenError, PaymentUnavailableError, TooManyLinesError } from "./errors";
import { holdExpiresAt } from "./hold";
import { insertOrder } from "./insert-order";
import { readPriceList } from "./price-list";
import { recordPayment } from "./record-payment";
import type { PlaceOrderInput } from "./schema";
import { settlePrice } from "./settle-price";

export type PlacedOrder = { orderId: OrderId; accessToken: string };

type Placing = { cartId: CartId; input: PlaceOrderInput; customer: CustomerActor | undefined; now: Date };

const linesMax = sessionLinesMax - 1;

/**
 * Makes an order of a cart, priced from the database, and holds its stock and its discount: all in one transaction or
 * nothing. The same cart placed again, at the same time or later, answers the same order; as long as it is not paid, its
 * addresses, way of shipping and discount become what was sent last. A payment page that shows another price is closed
 * at Stripe first; who has paid on it has the order that was paid. With a saved card the same transaction asks for the
 * order to be processed, which charges the card; from then on the form sent again changes nothing.
 *
 * @throws EmptyCartError, TooManyLinesError, NotOnSaleError, OutOfStockError, DiscountRefusedError,
 *   CardNotFoundError, CardExpiredError, CountryNotServedError, ShippingNotChosenError, ShippingNotOfferedError,
 *   TotalChangedError, AmountNotPayableError, PageOpenError, PaymentUnavailableError (Stripe cannot be asked to close the page: the order stays as it was)
 */
export async function placeOrder(order: {
  cartId: CartId | undefined;
  input: PlaceOrderInput;
  /** Who is signed in; nobody is a guest. */
  customer?: CustomerActor;
  now: Date;
}): Promise<PlacedOrder> {
  const { cartId, input, customer, now } = order;
  if (!cartId) throw new EmptyCartError();
  const placing = { cartId, input, customer, now };
  try {
    return await tryToPlace(placing);
  } catch (error) {
    if (!(error instanceof PageOpenError)) throw error;
    await closePage(error.sessionId, now);
    return await tryToPlace(placing, error.sessionId);
  }
}

function tryToPlace(placing: Placing, closedSessionId?: string): Promise<PlacedOrder> {
  const { cartId, input, customer, now } = placing;
  return transaction(async (tx) => {
    const cart = await lockCart(tx, cartId);
    if (cart?.orderId) {
      const { orderId } = cart;
      return { orderId, ...(await correctOrder(tx, orderId, { input, customer, closedSessionId, now })) };
    }
    return placeNew(tx, placing, cart ? (await readCart(cartId, tx)).lines : []);
  });
}

async function placeNew(
  tx: Tx,
  { cartId, input, customer, now }: Placing,
  lines: PricedCartLine[],
): Promise<PlacedOrder> {
  requireSellable(lines);
  refuseSoldOut(lines);
  const paying = await choosePaying(tx, { input, customer, now });
  const { shipTo, shipping, discountCode } = input;
  const list = await readPriceList({ tx, country: shipTo.country });
  const prices = lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
  const subtotal = sum(list.currency, prices);
  const discount = discountCode ? await requireDiscount(tx, discountCode, { subtotal, now }) : null;
  const settled = settlePrice(list, { lines, country: shipTo.country, choice: shipping, discount });

  const placed = await insertOrder(tx, { cartId, lines, settled, input, customer, paying, now });
  const { orderId } = placed;
  // What others wait for comes last.
  await holdStock(tx, { orderId, lines, expiresAt: holdExpiresAt(now) });
  if (discount) await takeDiscount(tx, { orderId, email: input.email, discount });
  return placed;
}

/** Stripe decides between a payment and the end of its page; one that was paid is written down. */
async function closePage(sessionId: string, now: Date): Promise<void> {
  const session = await expireCheckoutSession(sessionId).catch((error: unknown) => {
    throw error instanceof TemporaryError ? new PaymentUnavailableError(error) : error;
  });
  if (!session) throw new PaymentUnavailableError(new Error(`Stripe does not know ${sessionId}`));
  if (session.kind === "complete") await transaction((tx) => recordPayment(tx, { ...session, now }));
}

function requireSellable(lines: readonly PricedCartLine[]): void {
  if (lines.length === 0) throw new EmptyCartError();
  if (lines.length > linesMax) throw new TooManyLinesError({ count: lines.length, countMax: linesMax });
  const gone = lines.find(({ onSale }) => !onSale);
  if (gone) throw new NotOnSaleError(gone.title);
}

/**
 * Whoever comes for what is visibly gone is told so before anything is written, and without waiting for those who hold
 * its counter. That it looks as if there were enough promises nothing: `holdStock` decides.
 */
function refuseSoldOut(lines: readonly PricedCartLine[]): void {
  for (const { variantId, title: product, variantTitle, available, quantity: wanted } of lines) {
    const title = variantTitle ? `${product} (${variantTitle})` : product;
    if (available !== null && available < wanted) throw new OutOfStockError({ variantId, title, available, wanted });
  }
}
