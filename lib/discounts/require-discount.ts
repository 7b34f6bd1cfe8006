import type { Discount } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { Money } from "@/lib/money/money";
import { DiscountRefusedError } from "./errors";
import { findDiscount } from "./find-discount";
import { findProblem } from "./find-problem";

/** The discount of a code that takes something off such an order. @throws DiscountRefusedError */
export async function requireDiscount(tx: Tx, code: string, order: { subtotal: Money; now: Date }): Promise<Discount> {
  const discount = await findDiscount(code, tx);
  const problem = findProblem(discount, order);
  if (!discount || problem) throw new DiscountRefusedError(code, problem ?? { kind: "unknown" });
  return discount;
}
