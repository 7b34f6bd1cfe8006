import { db } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { compare, type Money, money } from "@/lib/money/money";
import { availableOf, isSoldOut } from "./availability";

export type ProductSummary = {
  handle: string;
  title: string;
  productType: string | null;
  image: { url: string; alt: string } | null;
  /** The lowest price of its variants; `pricesVary` when another costs more. */
  priceFrom: Money;
  pricesVary: boolean;
  soldOut: boolean;
};

export type ProductPage = { products: ProductSummary[]; total: number; page: number; pageCount: number };

const pageSize = 24;

const forSummary = {
  images: { orderBy: { position: "asc" }, take: 1 },
  variants: { select: { priceAmount: true, priceCurrency: true, stock: true } },
} satisfies Prisma.ProductInclude;

function summaryOf(product: Prisma.ProductGetPayload<{ include: typeof forSummary }>): ProductSummary | undefined {
  const prices = product.variants.map((variant) => money(variant.priceAmount, variant.priceCurrency));
  // Prices in two currencies cannot be compared: those of the first one speak for the product.
  const comparable = prices.filter((price) => price.currency === prices[0]?.currency).sort(compare);
  const [lowest] = comparable;
  const [image] = product.images;
  if (!lowest) return undefined;
  return {
    handle: product.handle,
    title: product.title,
    productType: product.productType,
    image: image ? { url: image.url, alt: image.alt } : null,
    priceFrom: lowest,
    pricesVary: prices.some((price) => price.amount !== lowest.amount),
    soldOut: product.variants.every((variant) => isSoldOut(availableOf(variant.stock))),
  };
}

/**
 * One page of what is on sale, by title: all of it, or what has `query` in its title, type, maker or tags.
 * A page past the end is the last one.
 */
export async function listProducts({ page = 1, query = "" }: { page?: number; query?: string }): Promise<ProductPage> {
  const text = query.replaceAll("\0", "").trim().slice(0, 100);
  // Prisma hands this to ILIKE as it is: what was typed must not act as a wildcard.
  const contains = { contains: text.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" } as const;
  const where: Prisma.ProductWhereInput = {
    status: "active",
    variants: { some: {} },
    ...(text && {
      OR: [{ title: contains }, { productType: contains }, { vendor: contains }, { tags: { has: text.toLowerCase() } }],
    }),
  };
  const total = await db().product.count({ where });
  const pageCount = Math.max(1, Math.ceil(total / pageSize));
  const shown = Math.min(Math.max(1, page), pageCount);
  const products = await db().product.findMany({
    where,
    include: forSummary,
    orderBy: [{ title: "asc" }, { id: "asc" }],
    skip: (shown - 1) * pageSize,
    take: pageSize,
  });
  return {
    products: products.flatMap((product) => summaryOf(product) ?? []),
    total,
    page: shown,
    pageCount,
  };
}
