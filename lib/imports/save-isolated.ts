import { z } from "zod";
import type { ProductInput } from "@/lib/catalog/product-input";
import { type SavedProduct, saveProducts } from "@/lib/catalog/save-product";
import { Prisma } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";

/** A product that was not saved, with the sentence that says why. */
export type Refusal = { outcome: "refused"; reason: string };

/**
 * Saves products so that one which the database will not have is refused alone.
 *
 * Behind a savepoint: when the statement fails the products are saved in two halves, and so on down to the culprit.
 * Errors that are not about the data (a lost connection, a deadlock) are thrown.
 */
export async function saveIsolated(
  tx: Tx,
  products: readonly ProductInput[],
  context: { now: Date; importId: ImportId },
): Promise<(SavedProduct | Refusal)[]> {
  if (products.length === 0) return [];
  await tx.$executeRaw`savepoint import_products`;
  try {
    const results = await saveProducts(tx, products, context);
    await tx.$executeRaw`release savepoint import_products`;
    return results.map((result) =>
      result.outcome === "refused" ? { outcome: "refused", reason: result.reason.publicMessage } : result,
    );
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    await tx.$executeRaw`rollback to savepoint import_products`;
    if (products.length === 1) return [{ outcome: "refused", reason: `The database refuses it: ${complaint}` }];
    const half = Math.ceil(products.length / 2);
    const first = await saveIsolated(tx, products.slice(0, half), context);
    return [...first, ...(await saveIsolated(tx, products.slice(half), context))];
  }
}

/** How a refused statement looks through Prisma's driver adapter. */
const FailedStatement = z.object({
  driverAdapterError: z.object({ cause: z.object({ originalCode: z.string(), originalMessage: z.string() }) }),
});

/** What Postgres has against the data: classes 22 (data exception) and 23 (broken constraint). */
function complaintOf(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  const statement = FailedStatement.safeParse(error.meta);
  if (!statement.success) return undefined;
  const { originalCode, originalMessage } = statement.data.driverAdapterError.cause;
  return /^2[23]/.test(originalCode) ? `${originalMessage} (${originalCode}).` : undefined;
}
