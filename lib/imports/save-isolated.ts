import pg from "pg";
import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";
import type { ImportKind, Refusal, Saved } from "./kinds/import-kind";

/**
 * Saves items so that one which the database will not have is refused alone.
 *
 * Behind a savepoint: when the statement fails the items are saved in two halves, and so on down to the culprit.
 * Errors that are not about the data (a lost connection, a deadlock) are thrown.
 */
export async function saveIsolated<Item>(
  tx: BulkTx,
  kind: ImportKind<Item>,
  { items, ...context }: { items: readonly Item[]; now: Date; importId: ImportId },
): Promise<(Saved | Refusal)[]> {
  if (items.length === 0) return [];
  await tx.execute("savepoint import_items");
  try {
    const results = await kind.save(tx, items, context);
    await tx.execute("release savepoint import_items");
    return results;
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    await tx.execute("rollback to savepoint import_items");
    if (items.length === 1) return [{ outcome: "refused", reason: `The database refuses it: ${complaint}` }];
    const half = Math.ceil(items.length / 2);
    const first = await saveIsolated(tx, kind, { ...context, items: items.slice(0, half) });
    return [...first, ...(await saveIsolated(tx, kind, { ...context, items: items.slice(half) }))];
  }
}

/**
 * What Postgres has against the data: classes 22 (data exception), 23 (broken constraint) and 54 (a limit, such as that
 * of what an index can hold).
 */
function complaintOf(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !/^(22|23|54)/.test(error.code ?? "")) return undefined;
  return `${error.message} (${error.code}).`;
}
