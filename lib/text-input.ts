import { z } from "zod";

/** Half of a surrogate pair, which no UTF-8 can hold. */
const halfPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One line of text that every table and label can hold: a run of control characters counts as one blank. */
export const oneLine = (value: string) =>
  value
    .replace(/\p{Cc}+/gu, " ")
    .replace(halfPair, "\ufffd")
    .trim();

/** A line that must not be empty, as `oneLine` writes it. */
export const filledLine = (message: string, lengthMax = 120, tooLong = `At most ${lengthMax} characters, please.`) =>
  z.string(message).transform(oneLine).pipe(z.string().min(1, message).max(lengthMax, tooLong));

/** The beginning of a text, cut between two characters: Postgres keeps no half of one. */
export const shortened = (text: string, lengthMax = 120): string =>
  text.length > lengthMax ? `${text.slice(0, lengthMax).replace(/\p{Surrogate}$/u, "")}…` : text;
