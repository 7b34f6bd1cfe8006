import { parseNaturalLanguageDurationInMs } from "@trigger.dev/core/v3/isomorphic";

const keyLifeDefaultMs = 30 * 86_400_000;
/** Some thousand years: what a date can hold and nobody waits for. */
const durationMaxMs = 1e14;
const keyUnitsMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of "1h30m", "10s", "2d", "1w"; undefined when it is not a duration, or one without end. */
export function durationMs(text: string): number | undefined {
  const ms = parseNaturalLanguageDurationInMs(text);
  return ms === undefined || ms > durationMaxMs ? undefined : ms;
}

/** How long an idempotency key is good: one number and one unit. Anything else means the usual 30 days. */
export function keyLifeMs(ttl: string | undefined): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(ttl ?? "") ?? [];
  return unit === undefined ? keyLifeDefaultMs : Math.min(durationMaxMs, Number(count) * (keyUnitsMs[unit] ?? 0));
}

/** The moment a delay or timeout means: a date, or a duration from now. Undefined for a past date, and for anything else. */
export function momentFrom(value: string | Date, now: Date): Date | undefined {
  const date = new Date(value);
  if (!Number.isNaN(date.getTime())) return date > now ? date : undefined;
  const ms = durationMs(String(value));
  return ms === undefined ? undefined : new Date(now.getTime() + ms);
}
