import { z } from "zod";
import { ProductInput, type VariantInput } from "@/lib/catalog/product-input";
import type { Currency } from "@/lib/money/money";
import type { Candidate, RowNote } from "../../candidate";
import { readPrice } from "../../price";
import { toGrams } from "../../weight";
import { JsonProduct, type JsonVariant } from "./json-product";

/**
 * One product of its JSON record. A record is taken whole or refused whole, with the place in it that is wrong;
 * negative stock is taken as 0 and said.
 */
export function mapJsonProduct(
  record: unknown,
  { rowNumber, lengthCharacters, currency }: { rowNumber: number; lengthCharacters: number; currency: Currency },
): Candidate<ProductInput> {
  const notes: RowNote[] = [];
  const candidate = { lastRow: rowNumber, lengthCharacters, notes, rows: [] };
  const refuse = (path: PropertyKey[], message: string): Candidate<ProductInput> => ({
    ...candidate,
    notes: [
      { rowNumber, severity: "refused", field: z.core.toDotPath(path) || undefined, reason: message, rawRow: record },
    ],
  });

  const read = JsonProduct.safeParse(record);
  if (!read.success) return refuse(...sentenceOf(read.error));
  const variants: z.input<typeof ProductInput>["variants"] = [];
  for (const [index, variant] of read.data.variants.entries()) {
    const mapped = mapVariant(variant, currency);
    if ("problem" in mapped) return refuse(["variants", index, mapped.field], mapped.problem);
    variants.push(mapped.variant);
    if (variant.stock !== undefined && variant.stock < 0)
      notes.push({
        rowNumber,
        severity: "adjusted",
        field: `variants[${index}].stock`,
        reason: `The stock of ${variant.stock} was taken as 0.`,
      });
  }
  const { type, vendor, tags, ...rest } = read.data;
  const uniqueTags = tags && [...new Set(tags)].filter(Boolean);
  const product = ProductInput.safeParse({
    ...rest,
    vendor: unlessEmpty(vendor),
    productType: unlessEmpty(type),
    tags: uniqueTags,
    variants,
  });
  if (!product.success) return refuse(...sentenceOf(product.error));
  return {
    ...candidate,
    item: product.data,
    rows: [{ rowNumber, rawRow: () => record }],
  };
}

/** Nothing between the quotes takes away what was there; a field that is left out keeps it. */
const unlessEmpty = (value: string | null | undefined) => (value === "" ? null : value);

type Mapped = { variant: z.input<typeof VariantInput> } | { field: string; problem: string };

function mapVariant(variant: JsonVariant, currency: Currency): Mapped {
  const price = readPrice(variant.price, currency);
  if ("problem" in price) return { field: "price", problem: price.problem };
  const compareAt = variant.compareAtPrice ? readPrice(variant.compareAtPrice, currency) : undefined;
  if (compareAt && "problem" in compareAt) return { field: "compareAtPrice", problem: compareAt.problem };
  const { weight } = variant;
  return {
    variant: {
      optionValues: variant.options ?? [],
      sku: unlessEmpty(variant.sku),
      barcode: unlessEmpty(variant.barcode),
      priceAmount: price.amount,
      currency,
      compareAtAmount: compareAt?.amount ?? (variant.compareAtPrice === undefined ? undefined : null),
      weightGrams: weight ? toGrams(String(weight.value), weight.unit) : weight,
      tracked: variant.tracked,
      onHand: variant.stock === undefined ? undefined : Math.max(variant.stock, 0),
    },
  };
}

function sentenceOf(error: z.ZodError): [PropertyKey[], string] {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const where = z.core.toDotPath(path);
  return [path, where ? `${where}: ${issue?.message}.` : `The record is not a product: ${issue?.message}.`];
}
