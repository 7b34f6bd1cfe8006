import type { BulkTx } from "@/lib/db/bulk-transaction";
import { type ImportId, newId } from "@/lib/ids";
import type { RowNote } from "./candidate";
import { storable, storableJson } from "./storable";

/** Keeps what is to be said of rows. */
export async function insertNotes(tx: BulkTx, importId: ImportId, notes: readonly RowNote[]): Promise<void> {
  if (notes.length === 0) return;
  const columns = ["id", "import_id", "row_number", "severity", "field", "reason", "raw_row"];
  await tx.copy(
    "import_reject",
    columns,
    notes.map(({ rowNumber, severity, field, reason, rawRow }) => [
      newId("importReject"),
      importId,
      rowNumber,
      severity,
      field === undefined ? null : storable(field),
      storable(reason),
      rawRow === undefined ? null : storableJson(JSON.stringify(rawRow)),
    ]),
  );
}
