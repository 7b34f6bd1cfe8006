import { oneLine } from "@/lib/text-input";
import type { RowProblem } from "../table/row-problem";
import type { OrderField } from "./fields";

/** Makes what is wrong with a field of a row, or of an order. */
export type Problem = (field: OrderField, reason: string) => RowProblem;

/** Of a number, a name, a SKU and the like. */
export const textMax = 500;

/** One line of text that is not too long. @throws RowProblem */
export function lineOf(text: string, field: OrderField, problem: Problem): string {
  const line = oneLine(text);
  if (line.length > textMax) throw problem(field, `there are more than ${textMax} characters.`);
  return line;
}

/** What a file leaves empty is not there. */
export const orNull = (text: string): string | null => (text === "" ? null : text);
