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
  /** False once the product has been taken off sale, or where its price is not in the store's currency. */
  onSale: boolean;
  /** How many can be had now; null where nobody counts. */
  available: number | null;
};

/** `discountCode` is kept with the cart; nobody has looked whether it takes something off. */
export type PricedCart = { lines: PricedCartLine[]; discountCode: string | null };

type Row = Omit<PricedCartLine, "unitPrice"> & {
  priceAmount: number;
  priceCurrency: string;
  discountCode: string | null;
};

/**
 * What is in an open cart with today's prices and stock, oldest line first. A cart that was ordered is empty, and an
 * empty one has no code.
 */
export async function readCart(cartId: CartId, tx?: Tx): Promise<PricedCart> {
  const rows = await (tx ?? db()).$queryRaw<Row[]>`
    select cart_line.variant_id as "variantId", handle as "productHandle", product_type as "productType",
      product.title, case when cardinality(option_values) > 0 then variant.title else '' end as "variantTitle", sku,
      image.url as "imageUrl", coalesce(image.alt, '') as "imageAlt", quantity,
      price_amount as "priceAmount", price_currency as "priceCurrency", cart.discount_code as "discountCode",
      product.status = 'active' and price_currency = store_settings.currency as "onSale",
      case when tracked then greatest(0, on_hand - reserved) end as available
    from store_settings cross join cart join cart_line on cart_line.cart_id = cart.id
      join variant on variant.id = cart_line.variant_id
      join product on product.id = variant.product_id
      left join stock_item on stock_item.variant_id = variant.id
      left join lateral (
        select url, alt from image where image.product_id = product.id order by position limit 1) image on true
    where cart.id = ${cartId} and cart.order_id is null
    order by cart_line.created_at, cart_line.variant_id`;
  const lines = rows.map(({ priceAmount, priceCurrency, discountCode: _, ...line }) => ({
    ...line,
    unitPrice: money(priceAmount, priceCurrency),
  }));
  return { lines, discountCode: rows[0]?.discountCode ?? null };
}
