import type { BulkTx } from "@/lib/db/bulk-transaction";
import type { ImportId } from "@/lib/ids";
import type { Change } from "../kinds/import-kind";
import { storableJson } from "../storable";

/** What the item that begins in this row has written. */
export type RowChange = Change & { rowNumber: number };

/** Keeps what an import wrote, in the transaction that wrote it. */
export async function keepChanges(
  tx: BulkTx,
  { importId, changes, now }: { importId: ImportId; changes: readonly RowChange[]; now: Date },
): Promise<void> {
  if (changes.length === 0) return;
  await tx.copy(
    "import_change",
    ["import_id", "row_number", "subject", "before", "at"],
    changes.map(({ rowNumber, subject, before }) => [
      importId,
      rowNumber,
      subject,
      before === null ? null : storableJson(JSON.stringify(before)),
      now,
    ]),
  );
}
