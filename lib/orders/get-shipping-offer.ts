import { db } from "@/lib/db/client";
import { type Money, money } from "@/lib/money/money";

/** From which price on the store ships anywhere, and from which amount of items on it is free. Null where it is not. */
export async function getShippingOffer(currency: string): Promise<{ from: Money | null; freeFrom: Money | null }> {
  const [least] = await db().$queryRaw<{ from: number | null; freeFrom: number | null }[]>`
    select min(amount) as "from", min(free_from_amount) as "freeFrom" from shipping_rate
    where active and currency = ${currency}`;
  const of = (amount: number | null | undefined) => (amount == null ? null : money(amount, currency));
  return { from: of(least?.from), freeFrom: of(least?.freeFrom) };
}
