import { db } from "@/lib/db/client";
import type { ImportReject, Prisma } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";

/** Rows in memory at a time. */
const pageRows = 500;

/** The refused rows of an import in their order, page by page: with constant memory, and without a transaction. */
export async function* listRefused(
  importId: ImportId,
  which: Prisma.ImportRejectWhereInput = { severity: "refused" },
): AsyncGenerator<ImportReject[]> {
  let last = { rowNumber: 0, id: "" };
  for (;;) {
    const rows = await db().importReject.findMany({
      where: {
        importId,
        rowNumber: { gte: last.rowNumber },
        NOT: { rowNumber: last.rowNumber, id: { lte: last.id } },
        AND: which,
      },
      orderBy: [{ rowNumber: "asc" }, { id: "asc" }],
      take: pageRows,
    });
    if (rows.length > 0) yield rows;
    if (rows.length < pageRows) return;
    last = rows.at(-1) ?? last;
  }
}
