import type { TotalRow, TotalRows } from "@/lib/orders/total-rows";

/** What adds up to the price of an order, the total, and the tax in it. */
export function OrderTotals({ totals }: { totals: TotalRows }) {
  return (
    <dl className="text-sm">
      {totals.rows.map((row) => (
        <Row key={row.label} row={row} className="py-0.5 first:pt-3" />
      ))}
      <Row row={totals.total} className="mt-3 border-t border-line-strong py-3 text-base font-semibold" />
      {totals.contained.map((row) => (
        <Row key={row.label} row={row} className="pb-3 text-soft" />
      ))}
    </dl>
  );
}

function Row({ row: { label, value }, className }: { row: TotalRow; className: string }) {
  return (
    <div className={`flex justify-between gap-4 px-4 ${className}`}>
      <dt className="min-w-0 break-words">{label}</dt>
      <dd className="figure whitespace-nowrap">{value}</dd>
    </div>
  );
}
