import type { BulkTx } from "@/lib/db/bulk-transaction";
import { OrderInPiecesError } from "@/lib/history/errors";
import type { PastOrderInput } from "@/lib/history/past-order";
import type { ImportId } from "@/lib/ids";

/**
 * Remembers the orders that a dry run would have brought, in the transaction of their portion, since nothing of them is in
 * the store to tell by.
 *
 * @throws OrderInPiecesError where one of `orders` was brought in a portion before, as the import would
 */
export async function requireWhole(
  tx: BulkTx,
  { orders, added, importId }: { orders: PastOrderInput[]; added: PastOrderInput[]; importId: ImportId },
): Promise<void> {
  const rows = await tx.query<{ key: string }>(
    "select key from dry_run_key where import_id = $1 and key = any($2) limit 1",
    [importId, orders.map(keyOf)],
  );
  const inPieces = orders.find((order) => keyOf(order) === rows[0]?.key);
  if (inPieces) throw new OrderInPiecesError(inPieces.number, { isWritten: false });
  await tx.execute("insert into dry_run_key (import_id, key) select $1, unnest($2::text[])", [
    importId,
    added.map(keyOf),
  ]);
}

const keyOf = ({ kind, number }: PastOrderInput) => `${kind} ${number}`;
