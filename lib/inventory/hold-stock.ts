import type { Tx } from "@/lib/db/transaction";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { OutOfStockError } from "./errors";

export type StockLine = { variantId: VariantId; quantity: number };

/** The order in which everybody locks counters, so that none waits in a circle: of the ids' bytes. */
export function byVariant(a: { variantId: string }, b: { variantId: string }): number {
  return a.variantId < b.variantId ? -1 : 1;
}

/** One line per variant. */
export function sumByVariant(lines: readonly StockLine[]): StockLine[] {
  const sums = new Map<VariantId, number>();
  for (const { variantId, quantity } of lines) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  return [...sums].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/**
 * Sets stock aside for an order, so that the last item goes to one buyer: all lines or none, in one statement, which
 * keeps a counter that everybody wants locked for no longer than it must. `expiresAt` is when a sweep may take it back;
 * null keeps it until it is sold or released. Untracked variants can always be sold: nothing is counted for them.
 *
 * @throws OutOfStockError naming a variant of which there is not enough; the transaction is then to be rolled back.
 */
export async function holdStock(
  tx: Tx,
  { orderId, lines, expiresAt }: { orderId: OrderId; lines: readonly StockLine[]; expiresAt: Date | null },
): Promise<void> {
  const wanted = sumByVariant(lines);
  const variantIds = wanted.map(({ variantId }) => variantId);
  const taken = await tx.$queryRaw<{ variantId: VariantId }[]>`
    with wanted as materialized (
      select * from unnest(
        ${variantIds}::text[], ${wanted.map(({ quantity }) => quantity)}::int[],
        ${wanted.map(() => newId("reservation"))}::text[], ${wanted.map(() => newId("movement"))}::text[])
      as wanted (variant_id, quantity, reservation_id, movement_id)),
    -- In the order of byVariant.
    counter as materialized (
      select variant_id from stock_item where variant_id = any(${variantIds}::text[])
      order by variant_id collate "C" for update),
    taken as (
      update stock_item set reserved = reserved + wanted.quantity from counter join wanted using (variant_id)
      where stock_item.variant_id = counter.variant_id and tracked and on_hand - reserved >= wanted.quantity
      returning wanted.*),
    held as (
      insert into reservation (id, order_id, variant_id, quantity, expires_at)
      select reservation_id, ${orderId}, variant_id, quantity, ${expiresAt}::timestamptz from taken),
    moved as (
      insert into stock_movement (id, variant_id, kind, quantity, order_id)
      select movement_id, variant_id, 'reserved', quantity, ${orderId} from taken)
    select variant_id as "variantId" from taken`;
  const isTaken = new Set(taken.map(({ variantId }) => variantId));
  for (const line of wanted) if (!isTaken.has(line.variantId)) await refuseIfCounted(tx, line);
}

async function refuseIfCounted(tx: Tx, { variantId, quantity }: StockLine): Promise<void> {
  const variant = await tx.variant.findUniqueOrThrow({
    where: { id: variantId },
    include: { stock: true, product: { select: { title: true } } },
  });
  if (!variant.stock?.tracked) return;
  const title = variant.optionValues.length > 0 ? `${variant.product.title} (${variant.title})` : variant.product.title;
  const available = variant.stock.onHand - variant.stock.reserved;
  throw new OutOfStockError({ variantId, title, available, wanted: quantity });
}
