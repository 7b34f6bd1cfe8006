import { db } from "@/lib/db/client";
import { type Money, money } from "@/lib/money/money";

/** From which price on the store ships anywhere, and from which amount of items on it is free. Null where it is not. */
export async function getShippingOffer(currency: string): Promise<{ from: Money | null; freeFrom: Money | null }> {
  const { _min } = await db().shippingRate.aggregate({
    where: { active: true, currency },
    _min: { amount: true, freeFromAmount: true },
  });
  const of = (amount: number | null) => (amount === null ? null : money(amount, currency));
  return { from: of(_min.amount), freeFrom: of(_min.freeFromAmount) };
}
