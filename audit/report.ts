import type { AuditResult, Invariant } from "./audit";

/** A line for each invariant, its violations below it, and the number of all of them last. */
export function reportOf({ invariants, notes, violations }: AuditResult): string {
  const quiet = invariants.some(({ needsQuiet, violations: found }) => needsQuiet && found > 0)
    ? ["Those marked * are exact once the store is quiet: what is being worked on just now shows there."]
    : [];
  return [...invariants.flatMap(linesOf), ...notes, ...quiet, `audit: ${found(violations)}`].join("\n");
}

function linesOf({ number, name, needsQuiet, counted, violations, examples }: Invariant): string[] {
  const more = violations - examples.length;
  return [
    `${number}${needsQuiet ? "*" : " "} ${name}: ${counted}: ${found(violations)}`,
    ...examples.map((sentence) => `     ${sentence}`),
    ...(more > 0 ? [`     and ${more.toLocaleString("en")} more`] : []),
  ];
}

function found(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "violation" : "violations"}`;
}
