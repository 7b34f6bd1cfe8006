import { lockCart } from "@/lib/cart/lock-cart";
import { type PricedCartLine, readCartLines } from "@/lib/cart/read-cart-lines";
import type { StoreSettings } from "@/lib/db/generated/client";
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
import { getStoreSettings } from "@/lib/store-settings";
import { correctOrder } from "./correct-order";
import { EmptyCartError, NotOnSaleError, PageOpenError, PaymentUnavailableError, TooManyLinesError } from "./errors";
import { holdExpiresAt } from "./hold";
import { insertOrder } from "./insert-order";
import { readPriceList } from "./price-list";
import { recordPayment } from "./record-payment";
import type { PlaceOrderInput } from "./schema";
import { settlePrice } from "./settle-price";

export type PlacedOrder = { orderId: OrderId; accessToken: string };

type Placing = { cartId: CartId; input: PlaceOrderInput; settings: StoreSettings; now: Date };

const linesMax = sessionLinesMax - 1;

/**
 * Makes an order of a cart, priced from the database, and holds its stock and its discount: all in one transaction or
 * nothing. The same cart placed again, at the same time or later, answers the same order; as long as it is not paid, its
 * addresses, way of shipping and discount become what was sent last. A payment page that shows another price is closed
 * at Stripe first; who has paid on it has the order that was paid.
 *
 * @throws EmptyCartError, TooManyLinesError, NotOnSaleError, OutOfStockError, DiscountRefusedError,
 *   CountryNotServedError, ShippingNotChosenError, ShippingNotOfferedError, TotalChangedError, AmountNotPayableError,
 *   PageOpenError, PaymentUnavailableError (Stripe cannot be asked to close the page: the order stays as it was)
 */
export async function placeOrder(order: {
  cartId: CartId | undefined;
  input: PlaceOrderInput;
  now: Date;
}): Promise<PlacedOrder> {
  const { cartId, input, now } = order;
  if (!cartId) throw new EmptyCartError();
  const placing = { cartId, input, settings: await getStoreSettings(), now };
  try {
    return await tryToPlace(placing);
  } catch (error) {
    if (!(error instanceof PageOpenError)) throw error;
    await closePage(error.sessionId, now);
    return await tryToPlace(placing, error.sessionId);
  }
}

function tryToPlace(placing: Placing, closedSessionId?: string): Promise<PlacedOrder> {
  const { cartId, input, settings, now } = placing;
  return transaction(async (tx) => {
    const cart = await lockCart(tx, cartId);
    if (cart?.orderId) {
      const { orderId } = cart;
      return { orderId, ...(await correctOrder(tx, orderId, { input, settings, closedSessionId, now })) };
    }
    return placeNew(tx, placing, cart ? await readCartLines(cartId, tx) : []);
  });
}

async function placeNew(
  tx: Tx,
  { cartId, input, settings, now }: Placing,
  lines: PricedCartLine[],
): Promise<PlacedOrder> {
  requireSellable(lines, settings.currency);
  refuseWhatIsGone(lines);
  const { shipTo, shipping, discountCode } = input;
  const list = await readPriceList(settings, { tx, country: shipTo.country });
  const prices = lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
  const subtotal = sum(list.currency, prices);
  const discount = discountCode ? await requireDiscount(tx, discountCode, { subtotal, now }) : null;
  const settled = settlePrice(list, { lines, country: shipTo.country, choice: shipping, discount });

  const placed = await insertOrder(tx, { cartId, lines, settled, input, now });
  const { orderId } = placed;
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

/** What has sold out already is refused before anything is written or locked for it; `holdStock` decides the rest. */
function refuseWhatIsGone(lines: readonly PricedCartLine[]): void {
  const short = lines.find(({ available, quantity }) => available !== null && available < quantity);
  if (!short || short.available === null) return;
  const { variantId, available, quantity, variantTitle } = short;
  const title = variantTitle ? `${short.title} (${variantTitle})` : short.title;
  throw new OutOfStockError({ variantId, title, available, wanted: quantity });
}

function requireSellable(lines: readonly PricedCartLine[], currency: string): void {
  if (lines.length === 0) throw new EmptyCartError();
  if (lines.length > linesMax) throw new TooManyLinesError({ count: lines.length, countMax: linesMax });
  const gone = lines.find(({ onSale, unitPrice }) => !onSale || unitPrice.currency !== currency);
  if (gone) throw new NotOnSaleError(gone.title);
}
