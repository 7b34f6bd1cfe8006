import type { z } from "zod";
import { CheckedProduct, type ProductInput, type VariantInput } from "@/lib/catalog/product-input";
import type { Currency } from "@/lib/money/money";
import { type Candidate, quote, type RowNote } from "../../candidate";
import { sameAsRow } from "../../refused/same-as-row";
import { cell, headingOf, type Row, rawRow } from "../../table/columns";
import { RowProblem } from "../../table/row-problem";
import { partOf } from "../part-of";
import type { Columns, Field } from "./columns";
import { mapImages } from "./map-images";
import { mapVariant, saysVariant } from "./map-variant";

/** Rows that follow each other under one handle, and what is to be said of rows in between that belong to nothing. */
export type Group = { handle: string; rows: Row[]; notes: RowNote[]; lastRow: number; lengthCharacters: number };

/**
 * One product of its rows. The first row says what the product is; each row with option values, a SKU, a price or a
 * quantity is a variant; each row may bring a picture.
 *
 * A row whose variant cannot be taken is refused alone. Where the product itself cannot be taken all its rows are.
 * Without a title in the first row these are further rows of a product that is already there.
 */
export function mapGroup(columns: Columns, group: Group, currency: Currency): Candidate<ProductInput> {
  const candidate: Candidate<ProductInput> = {
    lastRow: group.lastRow,
    lengthCharacters: group.lengthCharacters,
    notes: [...group.notes],
    rows: [],
  };
  const [first] = group.rows;
  if (!first) return candidate;
  try {
    const product = mapProduct(columns, first);
    const variants = mapVariants(columns, group, { currency, options: product.options, candidate });
    const images = mapImages(columns, group.rows, candidate.notes);
    if (variants.length > 0 || product.title === undefined)
      candidate.item = check(columns, first, { ...product, handle: group.handle, variants, images });
    else refuseRest(candidate);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    candidate.notes = [...group.notes, ...refuseAll(columns, group, first, error)];
    candidate.rows = [];
  }
  candidate.notes.sort((a, b) => a.rowNumber - b.rowNumber);
  return candidate;
}

type ProductFields = Omit<z.input<typeof CheckedProduct>, "handle" | "variants" | "images">;

function mapProduct(columns: Columns, first: Row): ProductFields {
  const text = (field: Field) => cell(columns, first, field);
  const title = text("title");
  if (!title) return {};
  const tags = text("tags");
  return {
    title,
    description: columns.at.description === undefined ? undefined : (first.cells[columns.at.description] ?? ""),
    vendor: orNull(text("vendor")),
    productType: orNull(text("type")),
    tags: tags === undefined ? undefined : [...new Set(tags.split(",").map((tag) => tag.trim()))].filter(Boolean),
    status: mapStatus(columns, first),
    options: mapOptions(columns, first),
  };
}

const orNull = (value: string | undefined): string | null | undefined => (value === "" ? null : value);

/** On sale only where nothing says otherwise: `Published` false and a status that hides it both make it a draft. */
function mapStatus(columns: Columns, row: Row): ProductFields["status"] {
  const published = cell(columns, row, "published")?.toLowerCase() || undefined;
  const status = cell(columns, row, "status")?.toLowerCase() || undefined;
  if (published !== undefined && published !== "true" && published !== "false")
    throw new RowProblem(headingOf(columns, "published"), `${quote(published)} is neither true nor false.`);
  if (status === "archived") return "archived";
  // Shopify's "unlisted" is reachable by its address only; here that is a draft.
  if (status === "draft" || status === "unlisted" || published === "false") return "draft";
  if (status === undefined) return published === undefined ? undefined : "active";
  if (status !== "active")
    throw new RowProblem(
      headingOf(columns, "status"),
      `The status ${quote(status)} is none of active, draft, archived and unlisted.`,
    );
  return "active";
}

/** A product that comes in one way only has the single option "Title" with the value "Default Title". */
function mapOptions(columns: Columns, row: Row): string[] | undefined {
  const names = (["option1Name", "option2Name", "option3Name"] as const)
    .map((field) => cell(columns, row, field))
    .filter((name) => name !== undefined && name !== "") as string[];
  const firstValue = cell(columns, row, "option1Value");
  if (names.length === 1 && names[0] === "Title" && firstValue === "Default Title") return [];
  // Values without names are rows of a product whose options are known from before.
  if (names.length === 0 && firstValue) return undefined;
  return names;
}

function mapVariants(
  columns: Columns,
  group: Group,
  { currency, options, candidate }: { currency: Currency; options: string[] | undefined; candidate: Candidate },
): VariantInput[] {
  const variants: VariantInput[] = [];
  const rowOf = new Map<string, number>();
  // Most products of many files are one row.
  if (group.rows.length > 1) candidate.rowOf = rowOf;
  for (const row of group.rows) {
    const { rowNumber } = row;
    const isFirst = row === group.rows[0] && options !== undefined;
    try {
      if (isFirst || saysVariant(columns, row)) {
        const { variant, adjusted } = mapVariant(columns, row, { currency, options });
        const identity = partOf(variant.optionValues);
        const known = rowOf.get(identity);
        if (known !== undefined) throw new RowProblem(headingOf(columns, "option1Value"), sameAsRow(known));
        rowOf.set(identity, rowNumber);
        variants.push(variant);
        for (const note of adjusted) candidate.notes.push({ rowNumber, severity: "adjusted", ...note });
      } else if (!cell(columns, row, "imageUrl"))
        throw new RowProblem(undefined, "The row has neither a variant nor a picture.");
      candidate.rows.push({ rowNumber, rawRow: () => rawRow(columns, row) });
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      candidate.notes.push({ ...error.note(rowNumber), rawRow: rawRow(columns, row) });
    }
  }
  return variants;
}

/** The last look: lengths, characters and shapes that no single cell above has asked about. */
function check(columns: Columns, first: Row, product: z.input<typeof CheckedProduct>): ProductInput {
  const parsed = CheckedProduct.safeParse(product);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? "");
  const heading = field in columns.at ? headingOf(columns, field as Field) : field;
  const where = issue && issue.path[0] === "variants" ? `variant ${Number(issue.path[1]) + 1}: ` : "";
  throw new RowProblem(heading, `${heading} (${where}row ${first.rowNumber} and on): ${issue?.message ?? "is wrong"}.`);
}

/** Rows with nothing but pictures go with the variants that they would have belonged to. */
function refuseRest(candidate: Candidate): void {
  const problem = new RowProblem(undefined, "None of the variants of its product could be taken.");
  for (const { rowNumber, rawRow: raw } of candidate.rows)
    candidate.notes.push({ ...problem.note(rowNumber), rawRow: raw() });
  candidate.rows = [];
}

function refuseAll(columns: Columns, group: Group, first: Row, problem: RowProblem): RowNote[] {
  return group.rows.map((row) => ({
    ...(row === first
      ? problem.note(row.rowNumber)
      : new RowProblem("Handle", `The product of this row was refused: see row ${first.rowNumber}.`).note(
          row.rowNumber,
        )),
    rawRow: rawRow(columns, row),
  }));
}
