import { db } from "@/lib/db/client";
import type { ProductId, VariantId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { type Available, availableOf } from "./availability";
import { type DescriptionBlock, parseDescription } from "./description";

export type ProductVariant = {
  id: VariantId;
  /** Empty for a product that comes in one way only. */
  title: string;
  sku: string | null;
  price: Money;
  /** What it cost before; only where that was more. */
  compareAt: Money | null;
  available: Available;
};

export type ProductDetails = {
  id: ProductId;
  handle: string;
  title: string;
  vendor: string | null;
  productType: string | null;
  description: DescriptionBlock[];
  /** The names of what a variant's title is made of, such as Size and Colour. */
  optionNames: string[];
  image: { url: string; alt: string } | null;
  variants: ProductVariant[];
};

/** The product as shoppers see it, or null where there is none of this handle on sale. */
export async function findProduct(handle: string): Promise<ProductDetails | null> {
  if (handle.includes("\0")) return null; // no text of Postgres can hold it
  const product = await db().product.findFirst({
    where: { handle, status: "active", variants: { some: {} } },
    include: {
      options: { orderBy: { position: "asc" } },
      images: { orderBy: { position: "asc" }, take: 1 },
      variants: { orderBy: { position: "asc" }, include: { stock: true } },
    },
  });
  if (!product) return null;
  const [image] = product.images;
  return {
    id: product.id as ProductId,
    handle: product.handle,
    title: product.title,
    vendor: product.vendor,
    productType: product.productType,
    description: parseDescription(product.description),
    optionNames: product.options.map((option) => option.name),
    image: image ? { url: image.url, alt: image.alt } : null,
    variants: product.variants.map((variant) => ({
      id: variant.id as VariantId,
      title: variant.optionValues.length > 0 ? variant.title : "",
      sku: variant.sku,
      price: money(variant.priceAmount, variant.priceCurrency),
      compareAt:
        variant.compareAtAmount !== null && variant.compareAtAmount > variant.priceAmount
          ? money(variant.compareAtAmount, variant.priceCurrency)
          : null,
      available: availableOf(variant.stock),
    })),
  };
}
