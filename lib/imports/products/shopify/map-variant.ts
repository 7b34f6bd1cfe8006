import { VariantInput } from "@/lib/catalog/product-input";
import type { Currency } from "@/lib/money/money";
import { quote } from "../../candidate";
import { readPrice } from "../../price";
import { cell, headingOf, type Row } from "../../table/columns";
import { RowProblem } from "../../table/row-problem";
import { toGrams } from "../../weight";
import type { Columns, Field } from "./columns";

type Note = { field: string; reason: string };

const valueFields = ["option1Value", "option2Value", "option3Value"] as const;

/** True for a row that describes a variant, not only a further picture. */
export function saysVariant(columns: Columns, row: Row): boolean {
  const telling = [...valueFields, "sku", "price", "inventoryQuantity"] as const;
  return telling.some((field) => cell(columns, row, field));
}

/**
 * One variant of its row, and what of it could not be taken as it is.
 *
 * @throws RowProblem naming the column that cannot be understood.
 */
export function mapVariant(
  columns: Columns,
  row: Row,
  { currency, options }: { currency: Currency; options: readonly string[] | undefined },
): { variant: VariantInput; adjusted: Note[] } {
  const adjusted: Note[] = [];
  const text = (field: Field) => cell(columns, row, field);
  const price = (field: Field) => {
    const read = readPrice(text(field) ?? "", currency);
    if ("problem" in read) throw new RowProblem(headingOf(columns, field), read.problem);
    return read.amount;
  };
  const variant = {
    optionValues: mapOptionValues(columns, row, options),
    sku: text("sku") === undefined ? undefined : text("sku") || null,
    barcode: text("barcode") === undefined ? undefined : text("barcode") || null,
    priceAmount: price("price"),
    currency,
    compareAtAmount: text("compareAtPrice") ? price("compareAtPrice") : emptyAs(text("compareAtPrice")),
    weightGrams: mapWeight(columns, row),
    ...mapStock(columns, row, adjusted),
  };
  const parsed = VariantInput.safeParse(variant);
  if (parsed.success) return { variant: parsed.data, adjusted };
  const [issue] = parsed.error.issues;
  const field = headingOfPart(columns, issue?.path ?? []);
  throw new RowProblem(field, `${field}: ${issue?.message}.`);
}

const fieldOf: Partial<Record<string, Field>> = {
  sku: "sku",
  barcode: "barcode",
  priceAmount: "price",
  compareAtAmount: "compareAtPrice",
  onHand: "inventoryQuantity",
} satisfies Partial<Record<keyof VariantInput, Field>>;

/** What the file calls a part of a variant. */
function headingOfPart(columns: Columns, [part, index]: readonly PropertyKey[]): string {
  if (part === "optionValues") return headingOf(columns, valueFields[Number(index)] ?? "option1Value");
  if (part === "weightGrams") return headingOf(columns, "grams" in columns.at ? "grams" : "weight");
  const field = fieldOf[String(part)];
  return field ? headingOf(columns, field) : String(part ?? "");
}

const emptyAs = (value: string | undefined): null | undefined => (value === undefined ? undefined : null);

function mapOptionValues(columns: Columns, row: Row, options: readonly string[] | undefined): string[] {
  const values = valueFields.map((field) => cell(columns, row, field) ?? "");
  const isDefault = values[0] === "Default Title" && !values[1] && !values[2];
  if (options?.length === 0 || (options === undefined && isDefault)) {
    if (isDefault || values.every((value) => value === "")) return [];
    throw new RowProblem(
      headingOf(columns, "option1Value"),
      "The product has no options, but the row has a value for one.",
    );
  }
  const given = values.findLastIndex((value) => value !== "") + 1;
  const count = options?.length ?? given;
  for (const [index, field] of valueFields.entries()) {
    const value = values[index] ?? "";
    if (index < count && value === "")
      throw new RowProblem(headingOf(columns, field), `A value for the option ${index + 1} is missing.`);
    if (index >= count && value !== "")
      throw new RowProblem(
        headingOf(columns, field),
        `The product has no option ${index + 1}, but the row has a value for it.`,
      );
  }
  return values.slice(0, count);
}

/** Shopify's `Variant Grams` is in grams, whatever unit is shown to people; other tools write weight and unit. */
function mapWeight(columns: Columns, row: Row): number | null | undefined {
  const grams = cell(columns, row, "grams");
  const weight = cell(columns, row, "weight");
  const field: Field = weight && !grams ? "weight" : "grams";
  const unit = field === "weight" ? cell(columns, row, "weightUnit") || "kg" : "g";
  const value = field === "weight" ? weight : grams;
  if (!value) return emptyAs(grams ?? weight);
  const converted = toGrams(value, unit);
  if (converted !== undefined) return converted;
  throw new RowProblem(
    headingOf(columns, field),
    `The weight ${quote(`${value} ${unit}`)} is not a number of g, kg, oz or lb.`,
  );
}

function mapStock(columns: Columns, row: Row, adjusted: Note[]): Pick<VariantInput, "tracked" | "onHand"> {
  const tracker = cell(columns, row, "inventoryTracker");
  const text = cell(columns, row, "inventoryQuantity");
  const quantityHeading = headingOf(columns, "inventoryQuantity");
  if (text && !/^-?\d{1,10}$/.test(text))
    throw new RowProblem(quantityHeading, `The quantity ${quote(text)} is not a whole number.`);
  const quantity = text ? Number(text) : text === undefined ? undefined : 0;
  if (quantity !== undefined && quantity < 0)
    adjusted.push({ field: quantityHeading, reason: `The stock of ${quantity} was taken as 0.` });

  const continues = /^(continue|true)$/i.test(cell(columns, row, "inventoryPolicy") ?? "");
  if (tracker === "" && quantity !== undefined && quantity > 0)
    adjusted.push({
      field: headingOf(columns, "inventoryTracker"),
      reason: `Without an inventory tracker this can always be sold; the quantity ${quantity} is kept but not counted down.`,
    });
  else if (tracker && continues)
    adjusted.push({
      field: headingOf(columns, "inventoryPolicy"),
      reason: "It is sold on when nothing is left, so its stock is not counted down.",
    });
  return {
    tracked: tracker === undefined && !continues ? undefined : Boolean(tracker) && !continues,
    onHand: quantity === undefined ? undefined : Math.max(quantity, 0),
  };
}
