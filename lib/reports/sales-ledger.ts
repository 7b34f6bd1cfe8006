import { csvRecord } from "@/lib/csv";
import { Prisma } from "@/lib/db/generated/client";
import { money, toDecimal } from "@/lib/money/money";
import type { BusinessDay } from "./business-day";
import { soldOn } from "./sales-figures";
import type { Snapshot } from "./snapshot";

type LedgerRow = {
  number: number;
  captured_at: Date;
  currency: string;
  kind: "goods" | "shipping";
  title: string;
  variant_title: string;
  sku: string | null;
  quantity: number | null;
  unit_amount: number | null;
  amount: number;
  discount: number;
  tax: number;
};

const columns = [
  ...["order", "paid_at", "currency", "kind", "title", "variant", "sku", "units", "unit_price", "amount"],
  ...["discount", "tax"],
];
const rowsPerFetch = 5_000;

/**
 * The detail behind a day's figures, as CSV in pieces: a row for each line sold and one for each order's shipping.
 *
 * Every figure of the report can be counted again from it: `amount` of one currency adds up to its total, of the kind
 * `goods` to its goods, `discount` to its discounts and `tax`, which `amount` contains, to its tax. Read within the snapshot of the figures, a few thousand rows at a time.
 */
export async function* salesLedger(snapshot: Snapshot, day: BusinessDay): AsyncGenerator<string> {
  yield csvRecord(columns);
  await snapshot.$executeRaw(declareLedger(day));
  for (;;) {
    const rows = await snapshot.$queryRaw<LedgerRow[]>(
      Prisma.sql`fetch forward ${Prisma.raw(String(rowsPerFetch))} from ledger`,
    );
    if (rows.length > 0) yield rows.map(recordOf).join("");
    if (rows.length < rowsPerFetch) break;
  }
  await snapshot.$executeRaw`close ledger`;
}

function recordOf(row: LedgerRow): string {
  const decimal = (amount: number) => toDecimal(money(amount, row.currency));
  return csvRecord([
    row.number,
    row.captured_at.toISOString(),
    row.currency,
    row.kind,
    row.title,
    row.variant_title,
    row.sku ?? "",
    row.quantity ?? "",
    row.unit_amount === null ? "" : decimal(row.unit_amount),
    decimal(row.amount),
    decimal(row.discount),
    decimal(row.tax),
  ]);
}

function declareLedger(day: BusinessDay): Prisma.Sql {
  return Prisma.sql`
    declare ledger no scroll cursor for
    with ${soldOn(day)}
    select sold.number, sold.captured_at, sold.currency, 'goods' as kind, line.title, line.variant_title, line.sku,
           line.quantity, line.unit_price_amount as unit_amount, line.total_amount as amount,
           line.discount_amount as discount, line.tax_amount as tax, line.position
    from line join sold on sold.id = line.order_id
    union all
    select number, captured_at, currency, 'shipping', '', '', null, null, null, shipping_amount, 0,
           shipping_tax_amount, 2147483647
    from sold
    order by captured_at, number, position`;
}
