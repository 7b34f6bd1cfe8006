import { isDeepStrictEqual } from "node:util";
import type { CustomerActor } from "@/lib/accounts/actor";
import type { Discount, Order, OrderLine, Payment } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import { giveDiscountBack } from "@/lib/discounts/give-discount-back";
import { requireDiscount } from "@/lib/discounts/require-discount";
import { takeDiscount } from "@/lib/discounts/take-discount";
import { invariant } from "@/lib/errors";
import type { OrderId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import type { Paying } from "./begin-payment";
import { changeOrder } from "./change-order";
import { choosePaying } from "./choose-paying";
import { PageOpenError } from "./errors";
import { lockOrder } from "./lock-order";
import { lineAmounts, orderAmounts } from "./order-amounts";
import { canPerform } from "./order-status";
import { readPriceList } from "./price-list";
import { replacePayment } from "./replace-payment";
import type { PlaceOrderInput, ShippingAddress } from "./schema";
import { type SettledPrice, settlePrice } from "./settle-price";

type PlacedLine = OrderLine & { variant: { product: { productType: string | null } } | null };
type Placed = Order & { lines: PlacedLine[]; discount: Discount | null };
type Correction = {
  input: PlaceOrderInput;
  customer: CustomerActor | undefined;
  now: Date;
};

/**
 * The form of an order that was placed before, sent again: the same changes nothing; as long as the order is not paid,
 * what was sent last becomes true. Another country, way of shipping or discount is priced anew, from the unit prices the
 * order was placed with. `closedSessionId` is the payment page that the caller has closed at Stripe. While a saved card
 * is being charged nothing changes.
 *
 * @throws PageOpenError where nothing else is refused, so that no page is closed in vain; what `settlePrice` and the
 *   discount refuse; CardNotFoundError, CardExpiredError
 */
export async function correctOrder(
  tx: Tx,
  orderId: OrderId,
  { closedSessionId, ...correction }: Correction & { closedSessionId: string | undefined },
): Promise<{ accessToken: string }> {
  await lockOrder(tx, orderId);
  const order = await tx.order.findUniqueOrThrow({
    where: { id: orderId },
    include: {
      discount: true,
      lines: {
        orderBy: { position: "asc" },
        include: { variant: { select: { product: { select: { productType: true } } } } },
      },
    },
  });
  const { accessToken } = order;
  const begun = await tx.payment.findFirst({ where: { orderId, state: "created" } });
  if (!canPerform("correct", order) || begun?.kind !== "page") return { accessToken };
  const isSamePrice = costsTheSame(order, correction.input);
  const paying = await chooseAgain(tx, begun, correction);
  const isSamePaying =
    isPaidTheSame(begun, paying) && (!begun.keepCard || order.userId === correction.customer?.userId);
  if (isSamePrice && isSamePaying && isSentToSame(order, correction.input)) return { accessToken };

  // A page that is being made meanwhile is written to this row: it waits here, and is then closed by who made it.
  await tx.$queryRaw`select 1 from payment where order_id = ${orderId} and state = 'created' for update`;
  const payment = await tx.payment.findFirstOrThrow({ where: { orderId, state: "created" } });
  const openSessionId = payment.sessionId === closedSessionId ? null : payment.sessionId;
  const settled = isSamePrice ? null : await settleAgain(tx, order, correction);
  await writeDown(tx, order, { ...correction, settled });
  if (openSessionId !== null) {
    if (settled || !isSamePaying) throw new PageOpenError(openSessionId);
    return { accessToken };
  }
  // What was asked of Stripe under the old payment's key must not be asked differently.
  const replaced = await replacePayment(tx, payment, {
    amount: settled?.price.total.amount ?? payment.amount,
    reason: "The order was changed before it was paid.",
    paying,
    now: correction.now,
  });
  invariant(replaced, "a locked payment stays as it was read");
  return { accessToken };
}

/** A card that was tried for the order in vain is not tried again by the same form. */
async function chooseAgain(tx: Tx, { orderId, keepCard }: Payment, correction: Correction): Promise<Paying> {
  const { savedCardId } = correction.input;
  const tried = savedCardId ? await tx.payment.count({ where: { orderId, savedCardId } }) : 0;
  return tried > 0 ? { kind: "page", keepCard } : choosePaying(tx, correction);
}

function isPaidTheSame({ keepCard }: Payment, paying: Paying): boolean {
  return paying.kind === "page" && paying.keepCard === keepCard;
}

function isSentToSame(order: Order, { email, shipTo }: PlaceOrderInput): boolean {
  return order.email === email && isDeepStrictEqual(order.shipTo, JSON.parse(JSON.stringify(shipTo)));
}

function costsTheSame(order: Order, { shipTo, shipping, discountCode }: PlaceOrderInput): boolean {
  const { country } = order.shipTo as ShippingAddress; // written by placeOrder only, which parsed it
  const isSameWay = shipping === undefined || shipping.rateId === order.shippingRateId;
  return country === shipTo.country && isSameWay && (discountCode ?? null) === order.discountCode;
}

/** The discount it has is kept as it is; another one is checked like that of a new order. */
async function settleAgain(tx: Tx, order: Placed, { input, now }: Correction): Promise<SettledPrice> {
  const { shipTo, shipping, discountCode } = input;
  const of = (amount: number) => money(amount, order.currency);
  let { discount } = order;
  if ((discountCode ?? null) !== order.discountCode)
    discount = discountCode
      ? await requireDiscount(tx, discountCode, { subtotal: of(order.subtotalAmount), now })
      : null;
  const list = await readPriceList({ tx, country: shipTo.country, currency: order.currency });
  return settlePrice(list, {
    lines: order.lines.map(({ unitPriceAmount, quantity, variant }) => ({
      unitPrice: of(unitPriceAmount),
      quantity,
      productType: variant?.product.productType ?? null,
    })),
    country: shipTo.country,
    choice: shipping,
    discount,
  });
}

function describe(order: Order, { input, settled }: { input: PlaceOrderInput; settled: SettledPrice | null }): string {
  if (settled) return "The order was changed before it was paid.";
  return isSentToSame(order, input) ? "Another way to pay was chosen." : "The address was corrected.";
}

async function writeDown(
  tx: Tx,
  order: Placed,
  { input, customer, settled, now }: Correction & { settled: SettledPrice | null },
): Promise<void> {
  const orderId = order.id as OrderId;
  const { email, shipTo } = input;
  const changed = await changeOrder(tx, {
    orderId,
    action: "correct",
    data: {
      email,
      shipTo,
      ...(customer ? { userId: customer.userId } : {}),
      ...(settled ? orderAmounts(settled) : {}),
    },
    actor: { kind: "shopper" },
    message: describe(order, { input, settled }),
    now,
  });
  invariant(changed, "a locked order stays as it was read");
  for (const [index, { id }] of order.lines.entries()) {
    if (settled) await tx.orderLine.update({ where: { id }, data: lineAmounts(settled.price, index) });
  }
  const discount = settled ? settled.discount : order.discount;
  if (discount?.id === order.discountId && email === order.email) return;
  await giveDiscountBack(tx, orderId);
  if (discount) await takeDiscount(tx, { orderId, email, discount });
}
