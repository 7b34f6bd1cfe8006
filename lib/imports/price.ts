import { type Currency, decimals, parseDecimal } from "@/lib/money/money";
import { quote } from "./candidate";

/** A price as it stands in a file, exactly in minor units, or the sentence that says why it is none. */
export function readPrice(text: string, currency: Currency): { amount: number } | { problem: string } {
  const price = parseDecimal(text, currency);
  if (price && price.amount <= 2_147_483_647) return { amount: price.amount };
  return { problem: problemOf(text.trim(), currency) };
}

function problemOf(text: string, currency: Currency): string {
  const places = decimals(currency);
  if (text === "") return "The price is missing.";
  if (/^\d+\.\d+$/.test(text) && (text.split(".")[1] ?? "").replace(/0+$/, "").length > places)
    return `The price ${quote(text)} has more than the ${places} decimals of ${currency}.`;
  if (/^-/.test(text)) return `The price ${quote(text)} is negative.`;
  if (/^\d{10,}/.test(text)) return `The price ${quote(text)} is too large.`;
  return `The price ${quote(text)} is not a number such as 1234.50 (a point before the decimals, nothing else).`;
}
