import { type Check, check } from "../check";

/** Per variant, what the ledger of movements adds up to. It begins at nothing, so what is there was received once. */
const ledger = `
  select variant_id,
    coalesce(sum(quantity) filter (where kind in ('received', 'returned', 'adjusted')), 0)
      - coalesce(sum(quantity) filter (where kind = 'sold'), 0) as on_hand,
    coalesce(sum(quantity) filter (where kind = 'reserved'), 0)
      - coalesce(sum(quantity) filter (where kind in ('released', 'sold')), 0) as reserved
  from stock_movement group by variant_id`;

/** Per order and variant, what the ledger says has happened. */
const moved = `
  select order_id, variant_id,
    coalesce(sum(quantity) filter (where kind = 'reserved'), 0) as reserved,
    coalesce(sum(quantity) filter (where kind = 'released'), 0) as released,
    coalesce(sum(quantity) filter (where kind = 'sold'), 0) as sold,
    coalesce(sum(quantity) filter (where kind = 'returned'), 0) as returned
  from stock_movement where order_id is not null group by order_id, variant_id`;

/** Per order and variant, what was ordered. */
const wanted = `
  select order_id, variant_id, sum(quantity) as quantity
  from order_line where variant_id is not null group by order_id, variant_id`;

/**
 * Invariant 1. Counters, ledger and reservations change in one transaction, so all of this holds at every moment.
 *
 * A variant that is not counted has no movements for its orders. Whether one was counted when an order was placed can
 * be known where an order before it was held: that is where a missing movement is a violation.
 */
export const stockChecks: readonly Check[] = [
  check<{ id: string; on_hand: number; ledger: number }>(
    `select coalesce(item.variant_id, ledger.variant_id) as id, coalesce(item.on_hand, 0) as on_hand,
       coalesce(ledger.on_hand, 0) as ledger
     from stock_item item full join (${ledger}) ledger using (variant_id)
     where coalesce(item.on_hand, 0) <> coalesce(ledger.on_hand, 0)`,
    (row) => `Variant ${row.id} has ${row.on_hand} on hand, and its movements add up to ${row.ledger}.`,
  ),
  check<{ id: string; reserved: number; ledger: number }>(
    `select coalesce(item.variant_id, ledger.variant_id) as id, coalesce(item.reserved, 0) as reserved,
       coalesce(ledger.reserved, 0) as ledger
     from stock_item item full join (${ledger}) ledger using (variant_id)
     where coalesce(item.reserved, 0) <> coalesce(ledger.reserved, 0)`,
    (row) => `Variant ${row.id} has ${row.reserved} reserved, and its movements add up to ${row.ledger} reserved.`,
  ),
  check<{ id: string; reserved: number; held: number }>(
    `select coalesce(item.variant_id, held.variant_id) as id, coalesce(item.reserved, 0) as reserved,
       coalesce(held.quantity, 0) as held
     from stock_item item
     full join (select variant_id, sum(quantity) as quantity from reservation group by variant_id) held using (variant_id)
     where coalesce(item.reserved, 0) <> coalesce(held.quantity, 0)`,
    (row) => `Variant ${row.id} has ${row.reserved} reserved, and its live reservations hold ${row.held}.`,
  ),
  check<{ id: string; reserved: number; on_hand: number }>(
    `select variant_id as id, reserved, on_hand from stock_item where reserved < 0 or reserved > on_hand`,
    (row) => `Variant ${row.id} has ${row.reserved} reserved of ${row.on_hand} on hand.`,
  ),
  check<{ id: string; kind: string; quantity: number }>(
    `select id, kind::text, quantity from stock_movement where kind <> 'adjusted' and quantity <= 0`,
    (row) => `Movement ${row.id} says ${row.quantity} ${row.kind}: only an adjustment may go down.`,
  ),
  check<{ order_id: string; variant_id: string; ledger: number; held: number }>(
    `select order_id, variant_id, coalesce(moved.reserved - moved.released - moved.sold, 0) as ledger,
       coalesce(held.quantity, 0) as held
     from (${moved}) moved full join reservation held using (order_id, variant_id)
     where coalesce(moved.reserved - moved.released - moved.sold, 0) <> coalesce(held.quantity, 0)`,
    (row) =>
      `Order ${row.order_id} holds ${row.held} of ${row.variant_id}, and its movements add up to ${row.ledger} held.`,
  ),
  check<{ order_id: string; variant_id: string; status: string; quantity: number }>(
    `select held.order_id, held.variant_id, held.quantity, o.status::text
     from reservation held join "order" o on o.id = held.order_id where o.status <> 'pending'`,
    (row) => `Order ${row.order_id} is ${row.status} and still holds ${row.quantity} of ${row.variant_id}.`,
  ),
  check<{ order_id: string; variant_id: string; held: number; wanted: number }>(
    `select order_id, variant_id, coalesce(held.quantity, 0) as held, coalesce(wanted.quantity, 0) as wanted
     from (${wanted}) wanted
     full join reservation held using (order_id, variant_id)
     left join (${moved}) moved using (order_id, variant_id)
     join "order" o on o.id = order_id
     where o.status = 'pending' and coalesce(held.quantity, 0) <> coalesce(wanted.quantity, 0)
       and (held.quantity is not null or moved.order_id is not null)`,
    (row) => `Order ${row.order_id} waits with ${row.wanted} of ${row.variant_id}, and holds ${row.held}.`,
  ),
  check<{ order_id: string; variant_id: string; ordered: number; sold: number }>(
    `select order_id, variant_id, coalesce(wanted.quantity, 0) as ordered, coalesce(moved.sold, 0) as sold
     from (${wanted}) wanted full join (${moved}) moved using (order_id, variant_id)
     join "order" o on o.id = order_id
     where o.confirmed_at is not null and coalesce(moved.sold, 0) <> coalesce(wanted.quantity, 0)
       and (moved.order_id is not null or exists (
         select 1 from stock_movement earlier join stock_item item on item.variant_id = earlier.variant_id
         where earlier.variant_id = wanted.variant_id and earlier.kind = 'reserved'
           and earlier.created_at < o.placed_at and item.tracked))`,
    (row) =>
      `Order ${row.order_id} was confirmed with ${row.ordered} of ${row.variant_id}, and the ledger has sold it ${row.sold}.`,
  ),
  check<{ order_id: string; variant_id: string; sold: number; status: string }>(
    `select order_id, variant_id, moved.sold, o.status::text from (${moved}) moved join "order" o on o.id = order_id
     where o.confirmed_at is null and moved.sold <> 0`,
    (row) => `Order ${row.order_id} is ${row.status}, and the ledger has sold it ${row.sold} of ${row.variant_id}.`,
  ),
  check<{ order_id: string; variant_id: string; returned: number; sold: number }>(
    `select order_id, variant_id, returned, sold from (${moved}) moved where returned > sold`,
    (row) => `Order ${row.order_id} returned ${row.returned} of ${row.variant_id}, and was sold ${row.sold}.`,
  ),
];

export const stockCountSql = `
  select (select count(*) from stock_item) as variants, (select count(*) from stock_movement) as movements,
    (select count(*) from reservation) as reservations`;
