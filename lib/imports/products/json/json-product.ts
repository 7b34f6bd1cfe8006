import { z } from "zod";

const price = z.union([z.string(), z.number()]).transform(String);

/** How a variant is written in JSON. README.md beside the readers shows an example. */
const JsonVariant = z.object({
  options: z.array(z.string().trim()).optional(),
  sku: z.string().trim().nullish(),
  barcode: z.string().trim().nullish(),
  price,
  compareAtPrice: price.nullish(),
  weight: z.object({ value: z.number().min(0), unit: z.enum(["g", "kg", "oz", "lb"]) }).nullish(),
  tracked: z.boolean().optional(),
  stock: z.int().optional(),
});

/** How a product is written in JSON: ProductInput in the words of a person who writes it by hand. */
export const JsonProduct = z.object({
  handle: z.string().trim(),
  title: z.string().trim().optional(),
  description: z.string().optional(),
  vendor: z.string().trim().nullish(),
  type: z.string().trim().nullish(),
  tags: z
    .union([z.array(z.string().trim()), z.string().transform((text) => text.split(",").map((tag) => tag.trim()))])
    .optional(),
  status: z.enum(["active", "draft", "archived"]).optional(),
  options: z.array(z.string().trim()).optional(),
  variants: z.array(JsonVariant).default([]),
  images: z
    .array(
      z.union([z.string().transform((url) => ({ url })), z.object({ url: z.string(), alt: z.string().optional() })]),
    )
    .default([]),
});

export type JsonProduct = z.output<typeof JsonProduct>;
export type JsonVariant = z.output<typeof JsonVariant>;
