import { Client } from "pg";
import { expect } from "vitest";

/** The ledger against the counters, in SQL of its own. Each row is a variant whose books do not balance. */
const discrepancies = `
  with ledger as (
    select variant_id,
      coalesce(sum(quantity) filter (where kind in ('received', 'returned', 'adjusted')), 0)
        - coalesce(sum(quantity) filter (where kind = 'sold'), 0) as on_hand,
      coalesce(sum(quantity) filter (where kind = 'reserved'), 0)
        - coalesce(sum(quantity) filter (where kind in ('released', 'sold')), 0) as reserved
    from stock_movement group by variant_id),
  held as (select variant_id, sum(quantity) as reserved from reservation group by variant_id)
  select item.variant_id, item.on_hand, item.reserved, ledger.on_hand as ledger_on_hand,
    ledger.reserved as ledger_reserved, held.reserved as held
  from stock_item item left join ledger using (variant_id) left join held using (variant_id)
  where item.on_hand <> coalesce(ledger.on_hand, 0)
    or item.reserved <> coalesce(ledger.reserved, 0)
    or item.reserved <> coalesce(held.reserved, 0)
    or item.reserved < 0 or item.reserved > item.on_hand`;

/** Fails unless every counter equals its ledger and its reservations. */
export async function expectBalancedBooks(): Promise<void> {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    expect((await client.query(discrepancies)).rows).toEqual([]);
  } finally {
    await client.end();
  }
}
