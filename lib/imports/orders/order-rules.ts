import type { Currency } from "@/lib/money/money";
import { UnreadableFileError } from "../errors";
import type { ReadOptions } from "../kinds/import-kind";
import { noMapping } from "../table/mapping";
import { type DateOrder, readDateOrder } from "./read-date";

/** What holds for all orders of a file. */
export type OrderRules = {
  currency: Currency;
  timeZone: string;
  dateOrder: DateOrder | undefined;
  /** In upper case. */
  shippingCodes: ReadonlySet<string>;
  feeCodes: ReadonlySet<string>;
};

/** @throws UnreadableFileError where what staff entered for all rows cannot be understood */
export function orderRules({ currency, timeZone = "UTC", mapping = noMapping }: ReadOptions): OrderRules {
  const { dateOrder = "", shippingCodes = "", feeCodes = "" } = mapping.values;
  const order = readDateOrder(dateOrder);
  if (dateOrder.trim() !== "" && !order)
    throw new UnreadableFileError(
      `Say "day first" or "month first" for dates with slashes, not "${dateOrder.trim()}".`,
    );
  return {
    currency,
    timeZone,
    dateOrder: order,
    shippingCodes: codesOf(shippingCodes),
    feeCodes: codesOf(feeCodes),
  };
}

function codesOf(list: string): Set<string> {
  const codes = list.split(",").map((code) => code.trim().toUpperCase());
  return new Set(codes.filter((code) => code !== ""));
}
