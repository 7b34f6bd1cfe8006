import pg from "pg";
import { type PreviewedProduct, previewProducts } from "@/lib/catalog/preview-products";
import type { ProductInput } from "@/lib/catalog/product-input";
import { type RefusedProduct, type SavedProduct, saveProducts } from "@/lib/catalog/save-product";
import type { BulkTx } from "@/lib/db/bulk-transaction";
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
  tx: BulkTx,
  products: readonly ProductInput[],
  context: { now: Date; importId: ImportId },
): Promise<(SavedProduct | Refusal)[]> {
  if (products.length === 0) return [];
  await tx.execute("savepoint import_products");
  try {
    const results = await saveProducts(tx, products, context);
    await tx.execute("release savepoint import_products");
    return results.map(withSentence);
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    await tx.execute("rollback to savepoint import_products");
    if (products.length === 1) return [{ outcome: "refused", reason: `The database refuses it: ${complaint}` }];
    const half = Math.ceil(products.length / 2);
    const first = await saveIsolated(tx, products.slice(0, half), context);
    return [...first, ...(await saveIsolated(tx, products.slice(half), context))];
  }
}

/** What `saveIsolated` would answer, with nothing written. */
export async function previewIsolated(
  tx: BulkTx,
  products: readonly ProductInput[],
  context: { now: Date },
): Promise<(PreviewedProduct | Refusal)[]> {
  return (await previewProducts(tx, products, context)).map(withSentence);
}

function withSentence<Done extends { outcome: string }>(result: Done | RefusedProduct): Done | Refusal {
  return "reason" in result ? { outcome: "refused", reason: result.reason.publicMessage } : result;
}

/**
 * What Postgres has against the data: classes 22 (data exception), 23 (broken constraint) and 54 (a limit, such as that
 * of what an index can hold).
 */
function complaintOf(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !/^(22|23|54)/.test(error.code ?? "")) return undefined;
  return `${error.message} (${error.code}).`;
}
