import type { Context } from "hono";

const pagesMax = 1_000_000;
const perPageMax = 100;

/** Which page of a list that is counted from 1. What is not a number means the default. */
export function readOffsetPage(c: Context, perPageDefault: number) {
  const page = between(1, pagesMax, Number(c.req.query("page") ?? 1) || 1);
  const perPage = between(1, perPageMax, Number(c.req.query("perPage") ?? perPageDefault) || perPageDefault);
  return { page, perPage, offset: (page - 1) * perPage };
}

export function presentOffsetPage(page: number, perPage: number, count: number) {
  return { currentPage: page, totalPages: Math.max(1, Math.ceil(count / perPage)), count };
}

function between(min: number, max: number, value: number): number {
  return Math.min(max, Math.max(min, Math.trunc(value)));
}
