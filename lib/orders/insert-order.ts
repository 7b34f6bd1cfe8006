import type { CustomerActor } from "@/lib/accounts/actor";
import type { PricedCartLine } from "@/lib/cart/read-cart";
import type { Tx } from "@/lib/db/transaction";
import { invariant } from "@/lib/errors";
import { type CartId, newId, newSecretToken, type OrderId } from "@/lib/ids";
import { askToCharge } from "./ask-to-charge";
import type { Paying } from "./begin-payment";
import { actorLabel } from "./change-order";
import { lineAmounts, orderAmounts } from "./order-amounts";
import type { PlaceOrderInput } from "./schema";
import type { SettledPrice } from "./settle-price";

/**
 * Writes down an order with its lines, its payment and the beginning of its timeline, and closes the cart it was made
 * of: in one statement, because this is what many shoppers do at once while they hold what others want. One that is paid
 * with a saved card is asked to be processed as well.
 */
export async function insertOrder(
  tx: Tx,
  order: {
    cartId: CartId;
    lines: PricedCartLine[];
    settled: SettledPrice;
    input: PlaceOrderInput;
    customer: CustomerActor | undefined;
    paying: Paying;
    now: Date;
  },
): Promise<{ orderId: OrderId; accessToken: string }> {
  const { cartId, settled, input, customer, paying, now } = order;
  const [orderId, paymentId, accessToken] = [newId("order"), newId("payment"), newSecretToken()];
  const [savedCardId, keepCard] = paying.kind === "page" ? [null, paying.keepCard] : [paying.savedCardId, false];
  const { currency } = settled.price.total;
  const amounts = orderAmounts(settled);
  const lines = order.lines.map((line, index) => ({
    id: newId("orderLine"),
    ...line,
    ...lineAmounts(settled.price, index),
  }));
  const closed = await tx.$executeRaw`
    with placed as (
      insert into "order" (
        id, user_id, access_token, email, ship_to, currency, subtotal_amount, discount_id, discount_code, discount_amount,
        shipping_rate_id, shipping_rate_name, shipping_amount, shipping_tax_amount, shipping_tax_basis_points,
        tax_name, tax_included, tax_amount, total_amount, placed_at, updated_at)
      values (
        ${orderId}, ${customer?.userId ?? null}, ${accessToken}, ${input.email}, ${JSON.stringify(input.shipTo)}::jsonb, ${currency},
        ${amounts.subtotalAmount}, ${amounts.discountId}, ${amounts.discountCode}, ${amounts.discountAmount},
        ${amounts.shippingRateId}, ${amounts.shippingRateName}, ${amounts.shippingAmount},
        ${amounts.shippingTaxAmount}, ${amounts.shippingTaxBasisPoints},
        ${amounts.taxName}, ${amounts.taxIncluded}, ${amounts.taxAmount}, ${amounts.totalAmount},
        ${now}::timestamptz, now())),
    listed as (
      insert into order_line (
        id, order_id, position, variant_id, title, variant_title, sku, quantity, unit_price_amount, discount_amount,
        tax_rate_basis_points, tax_amount, total_amount)
      select id, ${orderId}, position, variant_id, title, variant_title, sku, quantity, unit_price_amount,
        discount_amount, tax_rate_basis_points, tax_amount, total_amount
      from unnest(
        ${lines.map(({ id }) => id)}::text[], ${lines.map(({ variantId }) => variantId)}::text[],
        ${lines.map(({ title }) => title)}::text[], ${lines.map(({ variantTitle }) => variantTitle)}::text[],
        ${lines.map(({ sku }) => sku)}::text[], ${lines.map(({ quantity }) => quantity)}::int[],
        ${lines.map(({ unitPrice }) => unitPrice.amount)}::int[],
        ${lines.map(({ discountAmount }) => discountAmount)}::int[],
        ${lines.map(({ taxRateBasisPoints }) => taxRateBasisPoints)}::int[],
        ${lines.map(({ taxAmount }) => taxAmount)}::int[], ${lines.map(({ totalAmount }) => totalAmount)}::int[])
      with ordinality as line (
        id, variant_id, title, variant_title, sku, quantity, unit_price_amount, discount_amount,
        tax_rate_basis_points, tax_amount, total_amount, position)),
    begun as (
      insert into payment (
        id, order_id, kind, saved_card_id, keep_card, amount, currency, created_at, updated_at)
      values (
        ${paymentId}, ${orderId}, ${paying.kind}::payment_kind, ${savedCardId}, ${keepCard},
        ${amounts.totalAmount}, ${currency}, ${now}::timestamptz, now())),
    noted as (
      insert into order_event (id, order_id, kind, actor, message, created_at)
      values (
        ${newId("orderEvent")}, ${orderId}, 'place', ${actorLabel({ kind: "shopper" })},
        'The order was placed and its items set aside.', ${now}::timestamptz))
    update cart set order_id = ${orderId}, updated_at = now() where id = ${cartId}`;
  invariant(closed === 1, "the cart of an order that is placed is locked");
  if (paying.kind === "saved_card") await askToCharge(tx, { orderId, paymentId });
  return { orderId, accessToken };
}
