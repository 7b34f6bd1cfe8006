import type { Import } from "@/lib/db/generated/client";

type Figures = Pick<
  Import,
  "isDryRun" | "rowsRead" | "created" | "updated" | "unchanged" | "refused" | "startedAt" | "finishedAt"
>;

/** What an import has done so far, as it stands in the store. */
export function ImportFigures({ figures, adjusted }: { figures: Figures; adjusted: number }) {
  const { isDryRun, rowsRead, created, updated, unchanged, refused, startedAt, finishedAt } = figures;
  const seconds = startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : undefined;
  const cells: [name: string, value: string][] = [
    ["Rows read", count(rowsRead)],
    [isDryRun ? "To be created" : "Created", count(created)],
    [isDryRun ? "To be updated" : "Updated", count(updated)],
    [isDryRun ? "Would stay" : "Unchanged", count(unchanged)],
    ["Rows refused", count(refused)],
    ["Adjustments", count(adjusted)],
    ["Took", seconds === undefined ? "–" : `${seconds.toFixed(1)} s`],
  ];
  return (
    <dl className="sheet mt-6 grid-cols-2 sm:grid-cols-4 lg:grid-cols-7">
      {cells.map(([name, value]) => (
        <div key={name} className="px-3 py-2">
          <dt className="label">{name}</dt>
          <dd className="figure text-lg">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const count = (value: number): string => value.toLocaleString("en-IE");
