import { db } from "@/lib/db/client";
import type { VariantId } from "@/lib/ids";
import type { Buyer } from "./buyers";

/**
 * What the checker of the whole store does not ask, in SQL of its own: nothing is held any more, each piece that is gone
 * went to an order that paid, and nobody went away empty-handed who could have been served.
 */
export async function findWrongs(rush: {
  variants: readonly VariantId[];
  waiting: readonly Buyer[];
}): Promise<string[]> {
  const { variants, waiting } = rush;
  const goods = await db().$queryRaw<
    { id: string; received: number; onHand: number; reserved: number; paid: number }[]
  >`
    select item.variant_id as id, on_hand as "onHand", reserved,
      (select sum(quantity)::int from stock_movement moved where moved.variant_id = item.variant_id and kind = 'received')
        as received,
      coalesce((select sum(quantity)::int from order_line line join "order" o on o.id = line.order_id
        where line.variant_id = item.variant_id and o.payment_status = 'paid'), 0) as paid
    from stock_item item where item.variant_id = any(${[...variants]}::text[])`;
  const unserved = await db().$queryRaw<{ id: string }[]>`
    select cart_id as id from cart_line line join stock_item item using (variant_id)
    where cart_id = any(${waiting.map(({ cartId }) => cartId)}::text[])
    group by cart_id having bool_and(on_hand - reserved >= quantity)`;
  return [
    ...goods.flatMap(({ id, received, onHand, reserved, paid }) => [
      ...(received === onHand + paid
        ? []
        : [`Of ${received} pieces of ${id} ${paid} were paid for and ${onHand} are left.`]),
      ...(reserved === 0 ? [] : [`${reserved} pieces of ${id} are held, and nobody may pay any more.`]),
    ]),
    ...unserved.map(({ id }) => `The buyer of ${id} was sent away, and all of it is on the shelf.`),
  ];
}
