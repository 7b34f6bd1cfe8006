import type { Prisma } from "@/lib/db/generated/client";

/** The cells of a refused row of a CSV file with these headings, as they were read; more or fewer where it had so many. */
export function cellsOf(columns: readonly string[], rawRow: Prisma.JsonValue): string[] {
  if (Array.isArray(rawRow)) return rawRow.map(String);
  const cells = new Map(Object.entries(rawRow ?? {}));
  return columns.map((name) => String(cells.get(name) ?? ""));
}
