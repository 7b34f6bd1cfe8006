import { ImageInput } from "@/lib/catalog/product-input";
import { quote, type RowNote } from "../../candidate";
import { cell, headingOf, isKnown, type Row } from "../../table/columns";
import type { Columns } from "./columns";

/**
 * The pictures of a product in their order (by position where the file has one), each address once. Pictures of single
 * variants join at the end. What is no address of a picture is left out and said.
 */
export function mapImages(columns: Columns, rows: readonly Row[], notes: RowNote[]): ImageInput[] {
  const found = rows.map((row, index) => ({
    row,
    url: cell(columns, row, "imageUrl") ?? "",
    alt: cell(columns, row, "imageAlt") ?? "",
    position: Number(cell(columns, row, "imagePosition") || index + 1),
  }));
  found.sort((a, b) => a.position - b.position);
  if (isKnown(columns, "variantImage"))
    for (const row of rows) found.push({ row, url: cell(columns, row, "variantImage") ?? "", alt: "", position: 0 });
  const images = new Map<string, ImageInput>();
  for (const { row, url, alt } of found) {
    if (url === "" || images.has(url)) continue;
    const parsed = ImageInput.safeParse({ url, alt });
    if (parsed.success && /^https?:\/\//i.test(url)) images.set(url, parsed.data);
    else
      notes.push({
        rowNumber: row.rowNumber,
        severity: "adjusted",
        field: headingOf(columns, "imageUrl"),
        reason: `The picture ${quote(url)} was left out: its address does not begin with https:// or is too long.`,
      });
  }
  return [...images.values()];
}
