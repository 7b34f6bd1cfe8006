import { createHash } from "node:crypto";
import type { Currency } from "@/lib/money/money";

/** A line of an order from before the shop moved here; a fee is something charged that is no product. */
export type PastLine = {
  kind: "product" | "fee";
  sku: string | null;
  title: string;
  quantity: number;
  unitPriceAmount: number;
  discountAmount: number;
  taxAmount: number;
  totalAmount: number;
};

/**
 * What was sold, or given back, before the shop moved here, in minor units. Amounts are positive for both. Its number
 * tells it from all others of its kind.
 */
export type PastOrderInput = {
  kind: "sale" | "refund";
  number: string;
  placedAt: Date;
  email: string | null;
  customer: string | null;
  name: string | null;
  country: string | null;
  currency: Currency;
  subtotalAmount: number;
  discountAmount: number;
  discountCode: string | null;
  shippingAmount: number;
  shippingName: string | null;
  taxAmount: number;
  taxIncluded: boolean;
  totalAmount: number;
  lines: PastLine[];
};

/** The same for two that say the same. */
export function checksumOf(order: PastOrderInput): string {
  return createHash("sha256").update(JSON.stringify(order)).digest("hex");
}
