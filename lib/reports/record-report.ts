import { db } from "@/lib/db/client";
import type { Report } from "@/lib/db/generated/client";
import { isUniqueViolation } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { checksumOf } from "./checksum";
import type { SalesFigures } from "./sales-figures";

/**
 * Keeps a day's figures as its report. The same figures again are the same report; other figures for a day that was
 * reported before are its next revision, and what was reported stays as it is.
 *
 * May be called by several at once: the database lets one of them add a revision, the others find it.
 */
export async function recordReport(figures: SalesFigures): Promise<Report> {
  const businessDate = new Date(figures.date);
  const checksum = checksumOf(figures);
  for (;;) {
    const latest = await db().report.findFirst({ where: { businessDate }, orderBy: { revision: "desc" } });
    if (latest?.checksum === checksum) return latest;
    const revision = (latest?.revision ?? 0) + 1;
    try {
      return await db().report.create({
        data: { id: newId("report"), businessDate, revision, timeZone: figures.timeZone, figures, checksum },
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
