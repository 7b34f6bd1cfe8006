import type { Tx } from "@/lib/db/transaction";
import { newId, type OrderId, type VariantId } from "@/lib/ids";
import { OutOfStockError } from "./errors";

export type StockLine = { variantId: VariantId; quantity: number };

/** One line per variant, in the order in which every transaction touches variants, so that none waits in a circle. */
export function sumByVariant(lines: readonly StockLine[]): StockLine[] {
  const sums = new Map<VariantId, number>();
  for (const { variantId, quantity } of lines) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  return [...sums]
    .map(([variantId, quantity]) => ({ variantId, quantity }))
    .sort((a, b) => (a.variantId < b.variantId ? -1 : 1));
}

/**
 * Sets stock aside for an order: all lines or none, each by one conditional statement, so that the last item goes to
 * one buyer. `expiresAt` is when a sweep may take it back; null keeps it until it is sold or released. Untracked
 * variants can always be sold: nothing is counted for them.
 *
 * @throws OutOfStockError naming the first variant of which there is not enough.
 */
export async function holdStock(
  tx: Tx,
  { orderId, lines, expiresAt }: { orderId: OrderId; lines: readonly StockLine[]; expiresAt: Date | null },
): Promise<void> {
  for (const { variantId, quantity } of sumByVariant(lines)) {
    const taken = await tx.$executeRaw`
      update stock_item set reserved = reserved + ${quantity}
      where variant_id = ${variantId} and tracked and on_hand - reserved >= ${quantity}`;
    if (taken === 1) {
      await tx.reservation.create({ data: { id: newId("reservation"), orderId, variantId, quantity, expiresAt } });
      await tx.stockMovement.create({
        data: { id: newId("movement"), variantId, kind: "reserved", quantity, orderId },
      });
    } else {
      await refuseIfCounted(tx, { variantId, quantity });
    }
  }
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
