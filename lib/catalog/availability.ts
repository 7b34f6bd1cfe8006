/** How many pieces of a variant can be bought now; null where nobody counts and there are always enough. */
export type Available = number | null;

/** What a stock row says. A variant without one has no stock. */
export function availableOf(stock: { tracked: boolean; onHand: number; reserved: number } | null): Available {
  if (!stock) return 0;
  return stock.tracked ? Math.max(0, stock.onHand - stock.reserved) : null;
}

/** True if not one piece can be bought. */
export function isSoldOut(available: Available): boolean {
  return available === 0;
}

/** From this many pieces down a shopper is told that few are left. */
const fewMax = 3;

/** What a shopper reads about the stock. */
export function stockStatement(available: Available): string {
  if (available === null) return "In stock";
  if (available === 0) return "Sold out";
  return available <= fewMax ? `Only ${available} left` : `${available} in stock`;
}
