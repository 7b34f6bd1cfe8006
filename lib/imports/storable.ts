/** Postgres keeps neither NUL nor half of a surrogate pair, and a refused row may well have been refused for one. */
export const storable = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, "\ufffd");

/** The same for JSON as JSON.stringify writes it, where both stand as escapes, in names as in values. */
export const storableJson = (json: string): string =>
  json.replace(/\\(?:u0000|ud[89a-f]..|.)/g, (escaped) => (/^\\u(0000|d)/.test(escaped) ? "\ufffd" : escaped));
