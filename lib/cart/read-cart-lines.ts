import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import type { CartId, VariantId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";

/** A line of a cart as the catalogue has it now. */
export type PricedCartLine = {
  variantId: VariantId;
  productHandle: string;
  productType: string | null;
  title: string;
  /** The option values for people, or "" for a product that comes in one way only. */
  variantTitle: string;
  sku: string | null;
  imageUrl: string | null;
  imageAlt: string;
  quantity: number;
  unitPrice: Money;
  /** False once the product has been taken off sale. */
  onSale: boolean;
  /** How many can be had now; null where nobody counts. */
  available: number | null;
};

/** What is in an open cart with today's prices and stock, oldest line first. */
export async function readCartLines(cartId: CartId, tx?: Tx): Promise<PricedCartLine[]> {
  const rows = await (tx ?? db()).cartLine.findMany({
    where: { cartId },
    include: {
      variant: {
        include: { stock: true, product: { include: { images: { orderBy: { position: "asc" }, take: 1 } } } },
      },
    },
    orderBy: [{ createdAt: "asc" }, { variantId: "asc" }],
  });
  return rows.map(({ variant, quantity }) => ({
    variantId: variant.id as VariantId,
    productHandle: variant.product.handle,
    productType: variant.product.productType,
    title: variant.product.title,
    variantTitle: variant.optionValues.length > 0 ? variant.title : "",
    sku: variant.sku,
    imageUrl: variant.product.images[0]?.url ?? null,
    imageAlt: variant.product.images[0]?.alt ?? "",
    quantity,
    unitPrice: money(variant.priceAmount, variant.priceCurrency),
    onSale: variant.product.status === "active",
    available: variant.stock?.tracked ? Math.max(0, variant.stock.onHand - variant.stock.reserved) : null,
  }));
}
