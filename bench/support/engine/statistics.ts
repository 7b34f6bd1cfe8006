/** The value below which the given share of all values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** One line of the report: what was measured, and the bounds it is held against. */
export type Line = {
  what: string;
  measured: string;
  floor: string;
  goal: string;
  isWithin: "goal" | "floor" | "neither";
};

/** Holds figures against floors and goals, of which each must be kept; `isMore` where more is better. */
export function line(
  what: string,
  figures: { measured: number; floor: number; goal: number; show: (value: number) => string; isMore?: boolean }[],
): Line {
  const keeps = (bound: "floor" | "goal") =>
    figures.every((figure) => (figure.isMore ? figure.measured >= figure[bound] : figure.measured <= figure[bound]));
  const shown = (key: "measured" | "floor" | "goal") => figures.map((figure) => figure.show(figure[key])).join(" / ");
  return {
    what,
    measured: shown("measured"),
    floor: shown("floor"),
    goal: shown("goal"),
    isWithin: keeps("goal") ? "goal" : keeps("floor") ? "floor" : "neither",
  };
}

export function table(lines: readonly Line[]): string {
  const rows = [
    ["", "measured", "floor", "goal", "reaches"],
    ...lines.map((one) => [one.what, one.measured, one.floor, one.goal, one.isWithin]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}
