import { Refusal } from "./refusal";

const pageSizeMax = 100;

/** What the lists that are paged by a cursor have in common. */
export type CursorPage = { pageSize: number; after: string | undefined; before: string | undefined };
export type CreatedBetween = { from: Date | undefined; to: Date | undefined };

export function readPage(query: URLSearchParams): CursorPage {
  const pageSize = Number(query.get("page[size]") ?? 25);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > pageSizeMax) {
    throw new Refusal(400, `page[size] must be between 1 and ${pageSizeMax}`);
  }
  return { pageSize, after: query.get("page[after]") || undefined, before: query.get("page[before]") || undefined };
}

/** Both ends, and a period that counts back from now. A period nobody understands is none: so does the real server. */
export function readCreatedBetween(query: URLSearchParams): CreatedBetween {
  const periodMs = parsePeriodMs(query.get("filter[createdAt][period]") ?? "");
  const from = dateFrom(query.get("filter[createdAt][from]"));
  const since = periodMs === undefined ? undefined : new Date(Date.now() - periodMs);
  return { from: since ?? from, to: dateFrom(query.get("filter[createdAt][to]")) };
}

function dateFrom(text: string | null): Date | undefined {
  if (!text) return undefined;
  const date = new Date(/^\d+$/.test(text) ? Number(text) : text);
  if (Number.isNaN(date.getTime())) throw new Refusal(400, `"${text}" is not a date`);
  return date;
}

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;
const periodUnitsMs: [names: RegExp, ms: number][] = [
  [/^(ms|milliseconds?)$/, 1],
  [/^(s|secs?|seconds?)$/, secondMs],
  [/^(m|mins?|minutes?)$/, 60 * secondMs],
  [/^(h|hrs?|hours?)$/, hourMs],
  [/^(d|days?)$/, dayMs],
  [/^(w|wks?|weeks?)$/, 7 * dayMs],
  [/^(mo|mths?|months?)$/, 30.4375 * dayMs],
  [/^(y|yrs?|years?)$/, 365.25 * dayMs],
];

/** "90m", "1.5 days", "2 weeks 3d". Nothing is longer than there have been dates. */
function parsePeriodMs(text: string): number | undefined {
  let sum: number | undefined;
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const ms = periodUnitsMs.find(([names]) => names.test(unit ?? ""))?.[1];
    if (ms !== undefined) sum = (sum ?? 0) + Number(count) * ms;
  }
  return sum === undefined ? undefined : Math.min(sum, Date.now());
}
