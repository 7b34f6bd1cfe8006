const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** How far the clocks of a place are ahead of UTC at an instant. */
function aheadMs(instant: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return shown - Math.floor(instant / 1000) * 1000;
}

/**
 * When the clocks of a place show what `shown` says in UTC. Where they show it twice, in autumn, it is the first time;
 * where they skip it, in spring, what they would have shown had they not been changed.
 *
 * @throws RangeError for an unknown time zone.
 */
export function wallTime(shown: Date, timeZone: string): Date {
  const target = shown.getTime();
  const dayMs = 24 * 60 * 60 * 1000;
  const before = target - aheadMs(target - dayMs, timeZone);
  const after = target - aheadMs(target + dayMs, timeZone);
  const fits = [before, after].filter((instant) => instant + aheadMs(instant, timeZone) === target);
  return new Date(fits.length > 0 ? Math.min(...fits) : before);
}
