/** Where a report's files are: `reports/daily-2026-11-23.pdf`, and `-r2`, `-r3` for what was corrected later. */
export function reportKeys({ date, revision }: { date: string; revision: number }): { pdf: string; csv: string } {
  const name = `reports/daily-${date}${revision === 1 ? "" : `-r${revision}`}`;
  return { pdf: `${name}.pdf`, csv: `${name}.csv` };
}
