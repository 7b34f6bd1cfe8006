import type { BulkTx } from "@/lib/db/bulk-transaction";
import { type ImportId, newId, type PastOrderId } from "@/lib/ids";
import { OrderInPiecesError } from "./errors";
import { checksumOf, type PastOrderInput } from "./past-order";

/** What became of a document: `other` is there already and says something else. */
export type SavedPastOrder = "created" | "unchanged" | "other";

/**
 * Keeps orders and refunds from before the shop moved here. History does not change: one whose number is there already,
 * saying something else, is not kept, and nothing of what belongs together with it (one entry of `groups`) is either.
 * Answers for each group what became of each of its documents, and the ids of those that are new. May be repeated: nothing
 * is written twice.
 *
 * @throws OrderInPiecesError for one that this import has brought already
 */
export async function savePastOrders(
  tx: BulkTx,
  groups: readonly (readonly PastOrderInput[])[],
  { now, importId }: { now: Date; importId: ImportId },
): Promise<{ outcomes: SavedPastOrder[]; added: PastOrderId[] }[]> {
  // One writer at a time, so that what is found missing here is missing until the end.
  await tx.execute("select pg_advisory_xact_lock(hashtext('history.save-past-orders'))");
  const results = await comparePastOrders(tx, groups, importId);
  const saved = groups.map((group, index) => {
    const outcomes = results[index] ?? [];
    const added = outcomes.includes("other") ? [] : group.filter((_, at) => outcomes[at] === "created");
    return { outcomes, rows: added.map((order) => ({ id: newId("pastOrder"), order })) };
  });
  const rows = saved.flatMap((group) => group.rows);
  await insertOrders(tx, rows, { now, importId });
  await insertLines(tx, rows);
  return saved.map((group) => ({ outcomes: group.outcomes, added: group.rows.map(({ id }) => id) }));
}

/** Forgets what an import has brought, for good. */
export async function removePastOrders(
  tx: BulkTx,
  { ids, importId }: { ids: readonly string[]; importId: ImportId },
): Promise<void> {
  await tx.execute("delete from past_order where id = any($1) and import_id = $2", [ids, importId]);
}

/** What `savePastOrders` would answer, with nothing written. @throws OrderInPiecesError as that does, of these alone */
export async function comparePastOrders(
  tx: BulkTx,
  groups: readonly (readonly PastOrderInput[])[],
  importId?: ImportId,
): Promise<SavedPastOrder[][]> {
  const known = await findKnown(tx, groups.flat());
  const seen = new Set<string>();
  return groups.map((group) => {
    const outcomes = group.map((order): SavedPastOrder => {
      const found = known.get(keyOf(order));
      // Its first rows are in as if they were all of it.
      if (seen.has(keyOf(order)) || (found && importId && found.importId === importId))
        throw new OrderInPiecesError(order.number, { isWritten: importId !== undefined });
      if (!found) return "created";
      return found.checksum === checksumOf(order) ? "unchanged" : "other";
    });
    for (const order of group) seen.add(keyOf(order));
    return outcomes;
  });
}

const keyOf = ({ kind, number }: { kind: string; number: string }) => `${kind} ${number}`;

type Known = { kind: string; number: string; checksum: string; importId: string | null };

async function findKnown(tx: BulkTx, orders: readonly PastOrderInput[]): Promise<Map<string, Known>> {
  const rows = await tx.query<Known>(
    `select kind::text as kind, number, checksum, import_id as "importId" from past_order
     where (kind, number) in (select kind::past_order_kind, number from unnest($1::text[], $2::text[]) as asked (kind, number))`,
    [orders.map(({ kind }) => kind), orders.map(({ number }) => number)],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

type Row = { id: PastOrderId; order: PastOrderInput };

const orderColumns = [
  ...["id", "kind", "number", "import_id", "placed_at", "email", "customer", "name", "country", "currency"],
  ...["subtotal_amount", "discount_amount", "discount_code", "shipping_amount", "shipping_name", "tax_amount"],
  ...["tax_included", "total_amount", "checksum", "created_at"],
];

async function insertOrders(
  tx: BulkTx,
  rows: readonly Row[],
  { now, importId }: { now: Date; importId: ImportId },
): Promise<void> {
  if (rows.length === 0) return;
  await tx.copy(
    "past_order",
    orderColumns,
    rows.map(({ id, order }) => [
      ...[id, order.kind, order.number, importId, order.placedAt, order.email, order.customer, order.name],
      ...[order.country, order.currency, order.subtotalAmount, order.discountAmount, order.discountCode],
      ...[order.shippingAmount, order.shippingName, order.taxAmount, order.taxIncluded, order.totalAmount],
      ...[checksumOf(order), now],
    ]),
  );
}

const lineColumns = [
  ...["order_id", "position", "kind", "sku", "title", "quantity", "unit_price_amount", "discount_amount"],
  ...["tax_amount", "total_amount"],
];

async function insertLines(tx: BulkTx, rows: readonly Row[]): Promise<void> {
  const lines = rows.flatMap(({ id, order }) =>
    order.lines.map((line, position) => [
      ...[id, position, line.kind, line.sku, line.title, line.quantity, line.unitPriceAmount, line.discountAmount],
      ...[line.taxAmount, line.totalAmount],
    ]),
  );
  if (lines.length > 0) await tx.copy("past_order_line", lineColumns, lines);
}
