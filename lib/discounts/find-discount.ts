import { db } from "@/lib/db/client";
import type { Discount } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";

/** The discount of a code, which may be in any case. */
export function findDiscount(code: string, tx?: Tx): Promise<Discount | null> {
  return (tx ?? db()).discount.findUnique({ where: { code: code.toUpperCase() } });
}
