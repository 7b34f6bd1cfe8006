import type { Pool } from "pg";

/** Puts so many pieces of a product's first variant on the shelf, with their place in the ledger. */
export async function shelve(database: Pool, handle: string, onHand: number): Promise<void> {
  await database.query(
    `with item as (
       select variant_id, on_hand from stock_item join variant on variant.id = variant_id
       join product on product.id = product_id where handle = $1 order by position limit 1),
     moved as (
       insert into stock_movement (id, variant_id, kind, quantity)
       select 'mov_bench' || variant_id, variant_id, 'adjusted', $2::int - on_hand from item)
     update stock_item set on_hand = $2 where variant_id in (select variant_id from item)`,
    [handle, onHand],
  );
}
