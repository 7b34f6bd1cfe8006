const unitsMs: Record<string, number> = {
  w: 604_800_000,
  d: 86_400_000,
  hr: 3_600_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};

/** Milliseconds of "1h30m", "10s", "2d", "1w"; undefined when it is not a duration. */
export function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+)\s*(w|d|hr|h|m|s)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text.trim().replace(/\s+(?=\d)/g, ""))
    return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitsMs[unit ?? ""] ?? Number.NaN), 0);
}

/** The moment a delay or timeout means: a duration from now, or an ISO date. */
export function momentFrom(value: string | Date, now: Date): Date | undefined {
  if (value instanceof Date) return value;
  const duration = durationMs(value);
  if (duration !== undefined) return new Date(now.getTime() + duration);
  // "P1D" and the like are not supported by the real server either; dates need at least a year.
  if (!/^\d{4}-/.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
