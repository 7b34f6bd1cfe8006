import { z } from "zod";
import { integer, text, timeRange } from "./params";
import { invalidRequest } from "./wire";

/** The parameters every list takes. */
export const pageParams = {
  limit: integer({ min: 1, max: 100 }).optional(),
  starting_after: text().optional(),
  ending_before: text().optional(),
};
export const createdParam = { created: timeRange().optional() };

type PageInput = { limit?: number; starting_after?: string; ending_before?: string };
type TimeRange = number | { gt?: number; gte?: number; lt?: number; lte?: number } | undefined;

/** One page of objects given oldest first, answered newest first, as Stripe lists (https://docs.stripe.com/api/pagination). */
export function listPage<Item extends { id: string }>(url: string, oldestFirst: Item[], page: PageInput) {
  return cut(url, [...oldestFirst].reverse(), page);
}

/** Like `listPage`, for lists that keep their order (line items). */
export function cut<Item extends { id: string }>(url: string, items: Item[], page: PageInput) {
  const limit = page.limit ?? 10;
  if (page.starting_after !== undefined && page.ending_before !== undefined) {
    throw invalidRequest("You can only specify one of these parameters: starting_after, ending_before.");
  }
  if (page.ending_before !== undefined) {
    const before = items.slice(0, positionOf(items, page.ending_before, "ending_before"));
    return { object: "list" as const, data: before.slice(-limit), has_more: before.length > limit, url };
  }
  const start = page.starting_after === undefined ? 0 : positionOf(items, page.starting_after, "starting_after") + 1;
  const rest = items.slice(start);
  return { object: "list" as const, data: rest.slice(0, limit), has_more: rest.length > limit, url };
}

export function inRange(time: number, range: TimeRange): boolean {
  if (range === undefined) return true;
  if (typeof range === "number") return time === range;
  return (
    (range.gt === undefined || time > range.gt) &&
    (range.gte === undefined || time >= range.gte) &&
    (range.lt === undefined || time < range.lt) &&
    (range.lte === undefined || time <= range.lte)
  );
}

function positionOf(items: { id: string }[], id: string, param: string): number {
  const position = items.findIndex((item) => item.id === id);
  if (position === -1) throw invalidRequest(`No such object: '${id}'`, { code: "resource_missing", param });
  return position;
}

/** For reads that take nothing but `expand`. */
export const noParams = z.strictObject({});
