/** What Next hands to a page: any parameter may be missing, or there several times. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The parameter's first value, or "" where it is missing. */
export function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** A whole number from 1 to 999,999,999, or undefined. */
export function numberOf(value: string | string[] | undefined): number | undefined {
  const text = firstOf(value);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** A page number: whatever is not a whole number from 1 is the first page. */
export function pageOf(value: string | string[] | undefined): number {
  return numberOf(value) ?? 1;
}
