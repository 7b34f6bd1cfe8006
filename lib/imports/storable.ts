/** Postgres keeps neither NUL nor half of a surrogate pair, and a refused row may well have been refused for one. */
export const storable = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, "\ufffd");
