import { EmailInput } from "@/lib/accounts/schema";
import type { PastOrderInput } from "@/lib/history/past-order";
import { Currency } from "@/lib/money/money";
import { quote, type RowNote } from "../candidate";
import { readPrice } from "../price";
import { RowProblem } from "../table/row-problem";
import type { OrderField } from "./fields";
import type { OrderGroup } from "./order-group";
import type { OrderRules } from "./order-rules";
import { lineOf, orNull, type Problem } from "./order-text";
import { readCountry } from "./read-country";
import { readDate } from "./read-date";

/** What is said of the order as a whole, in the first of its rows that says it. */
export type OrderHead = Pick<
  PastOrderInput,
  "number" | "placedAt" | "email" | "customer" | "name" | "country" | "discountCode" | "shippingName"
> & {
  currency: Currency;
  discount: number;
  shipping: number;
  /** Undefined where the file says nothing of tax. */
  tax: number | undefined;
  total: number | undefined;
  refunded: number;
  problem: Problem;
};

const oneOfAnOrder = new Set<OrderField>(["discount", "shipping", "tax", "total", "refunded", "currency"]);

export function readHead(group: OrderGroup, rules: OrderRules, notes: RowNote[]): OrderHead {
  const first = group.rows[0];
  const problem = (field: OrderField, reason: string) =>
    new RowProblem(first?.heading(field), `Order ${quote(group.number)}: ${reason}`);
  const text = (field: OrderField): string => {
    const said = new Set(group.rows.map((row) => row.text(field) ?? "").filter(Boolean));
    // Two amounts of one order may be two of its lines, or two orders.
    if (said.size > 1 && oneOfAnOrder.has(field)) throw problem(field, "its rows say different things.");
    const [value = ""] = said;
    return value;
  };
  const currency = currencyOf(text("currency"), rules, problem);
  // Some shops write the amounts of a credit note with a minus, as they do its quantities.
  const isCredit = group.rows.every((row) => row.text("quantity")?.startsWith("-"));
  const amount = (field: OrderField): number | undefined => {
    const value = isCredit ? text(field).replace(/^-/, "") : text(field);
    if (value === "") return undefined;
    const price = readPrice(value, currency);
    if ("problem" in price) throw problem(field, price.problem);
    return price.amount;
  };
  requirePaid(text("paymentStatus"), problem);
  const date = readDate(text("placedAt"), { timeZone: rules.timeZone, order: rules.dateOrder });
  if ("problem" in date) throw problem("placedAt", text("placedAt") === "" ? "The date is missing." : date.problem);
  const country = text("country");
  const code = country === "" ? null : readCountry(country);
  if (country !== "" && code === null)
    notes.push({
      rowNumber: first?.rowNumber ?? group.lastRow,
      severity: "adjusted",
      field: first?.heading("country"),
      reason: `${quote(country)} is no country of ISO 3166, so none was kept.`,
    });
  return {
    number: lineOf(group.number, "number", problem),
    placedAt: date.at,
    email: emailOf(text("email"), problem),
    customer: orNull(lineOf(text("customer"), "customer", problem)),
    name: orNull(lineOf(text("name"), "name", problem)),
    country: code,
    currency,
    discount: amount("discount") ?? 0,
    discountCode: orNull(lineOf(text("discountCode"), "discountCode", problem)),
    shipping: amount("shipping") ?? 0,
    shippingName: orNull(lineOf(text("shippingName"), "shippingName", problem)),
    tax: amount("tax"),
    total: amount("total"),
    refunded: amount("refunded") ?? 0,
    problem,
  };
}

function currencyOf(text: string, rules: OrderRules, problem: Problem): Currency {
  if (text === "") return rules.currency;
  const code = Currency.safeParse(text.toUpperCase());
  if (!code.success) throw problem("currency", `${quote(text)} is no currency that the store knows.`);
  return code.data;
}

const paid = new Set(["", "paid", "partially_paid", "partially_refunded", "refunded"]);

function requirePaid(status: string, problem: Problem): void {
  if (paid.has(status.toLowerCase().replaceAll(" ", "_"))) return;
  throw problem("paymentStatus", `it was never paid (${quote(status)}).`);
}

function emailOf(text: string, problem: Problem): string | null {
  if (text === "") return null;
  const email = EmailInput.safeParse(text);
  if (!email.success) throw problem("email", `${quote(text)} is no e-mail address.`);
  return email.data;
}
