export type PickLine = { sku: string | null; title: string; quantity: number; weightGrams: number | null };

/** What to take from the shelves for one parcel; the label has it at its foot. */
export type PickList = {
  /** In the order of the shelves, which go by SKU; what has none comes last. */
  lines: PickLine[];
  /** 0 where not every piece's weight is known. */
  weightGrams: number;
};

/** The pick list of an order's lines. */
export function pickList(
  orderLines: readonly {
    sku: string | null;
    title: string;
    variantTitle: string;
    quantity: number;
    variant: { weightGrams: number | null } | null;
  }[],
): PickList {
  const lines = orderLines.map(({ sku, title, variantTitle, quantity, variant }) => ({
    sku,
    title: variantTitle ? `${title} (${variantTitle})` : title,
    quantity,
    weightGrams: variant?.weightGrams ?? null,
  }));
  lines.sort((a, b) => (a.sku === null ? 1 : 0) - (b.sku === null ? 1 : 0) || (a.sku ?? "").localeCompare(b.sku ?? ""));
  const isWeighed = lines.every(({ weightGrams }) => weightGrams !== null);
  return {
    lines,
    weightGrams: isWeighed
      ? lines.reduce((sum, { quantity, weightGrams }) => sum + quantity * (weightGrams ?? 0), 0)
      : 0,
  };
}
