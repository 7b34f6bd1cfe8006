import { z } from "zod";
import { Currency } from "@/lib/money/money";

/** The largest whole number a column of the database holds. */
const intMax = 2_147_483_647;
const amount = z.int().min(0).max(intMax);
/** Half of a surrogate pair, which no UTF-8 can hold. */
const halfPair = /\p{Surrogate}/u;

/** What is wrong with a text, if anything. Postgres keeps every character but NUL. */
function problemOf(text: string, mustBeFilled: boolean): string | undefined {
  if (text.includes("\0")) return "contains a NUL character";
  if (halfPair.test(text)) return "contains half of a character";
  if (mustBeFilled && text.trim() === "") return "is empty";
  return undefined;
}

/** One check instead of one for each rule: an import has millions of texts. */
const textOf = (lengthMax: number, mustBeFilled: boolean) =>
  z
    .string()
    .max(lengthMax)
    .refine((text) => problemOf(text, mustBeFilled) === undefined, {
      error: ({ input }) => problemOf(String(input), mustBeFilled),
    });
const text = (lengthMax: number) => textOf(lengthMax, false);
const filled = (lengthMax: number) => textOf(lengthMax, true);

/** What names a product in an address: no blanks and nothing that has a meaning of its own there. */
export const Handle = text(255)
  .regex(/^[^\s/\\?#%\p{C}]+$/u, "is empty or contains blanks or one of / \\ ? # %")
  .refine((value) => value !== "." && value !== "..", "is . or .., which browsers take out of an address");

/** One variant. What is left out stays as it is; null takes it away. */
export const VariantInput = z.object({
  /** One value per option of the product, in their order: together with the product, the variant's identity. */
  optionValues: z.array(filled(255)).max(3),
  sku: filled(255).nullish(),
  barcode: filled(255).nullish(),
  priceAmount: amount,
  currency: Currency,
  compareAtAmount: amount.nullish(),
  weightGrams: z.int().min(0).max(intMax).nullish(),
  /** An untracked variant can always be sold. New variants are tracked unless told otherwise. */
  tracked: z.boolean().optional(),
  onHand: z.int().min(0).max(intMax).optional(),
});

export const ImageInput = z.object({ url: filled(2048), alt: text(1024).default("") });

export const ProductStatusInput = z.enum(["draft", "active", "archived"]);

const productOf = <Variant extends z.ZodType<VariantInput>, Picture extends z.ZodType<ImageInput>>(
  variant: Variant,
  picture: Picture,
) =>
  z
    .object({
      handle: Handle,
      title: filled(255).optional(),
      /** HTML, sanitised where it is shown. */
      description: text(512 * 1024).optional(),
      vendor: filled(255).nullish(),
      productType: filled(255).nullish(),
      tags: z.array(filled(255)).max(250).optional(),
      status: ProductStatusInput.optional(),
      /** Names of the options, such as Size and Colour. None for a product that comes in one way only. */
      options: z.array(filled(255)).max(3).optional(),
      variants: z.array(variant).max(2048).default([]),
      images: z.array(picture).max(250).default([]),
    })
    .superRefine(({ options, variants }, context) => {
      const seen = new Set<string>();
      for (const [index, { optionValues }] of variants.entries()) {
        const path = ["variants", index, "optionValues"];
        if (options && optionValues.length !== options.length)
          context.addIssue({ code: "custom", path, message: `needs ${options.length} values, one for each option` });
        if (variants.length === 1) continue;
        const identity = JSON.stringify(optionValues);
        if (seen.has(identity)) context.addIssue({ code: "custom", path, message: "is the same as another variant's" });
        seen.add(identity);
      }
    });

/**
 * A product as somebody wants it to be. Its handle says which one; what is left out stays as it is, so a new product
 * needs at least a title and one variant. Variants and images that are not named are kept.
 */
export const ProductInput = productOf(VariantInput, ImageInput);

/** The same for variants and images that have been checked already, each by itself: an import has many. */
export const CheckedProduct = productOf(z.custom<VariantInput>(), z.custom<ImageInput>());

export type VariantInput = z.output<typeof VariantInput>;
export type ImageInput = z.output<typeof ImageInput>;
export type ProductInput = z.output<typeof ProductInput>;
