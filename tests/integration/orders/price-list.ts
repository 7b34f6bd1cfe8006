import { db } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { newId, type ShippingRateId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import type { PlaceOrderInput } from "@/lib/orders/schema";
import { ada } from "./shop";

/** A zone with ways of shipping at these prices, in this order; answers their ids. */
export async function addZone(
  countries: readonly string[],
  rates: readonly { name: string; amount: number; freeFromAmount?: number; active?: boolean }[],
): Promise<ShippingRateId[]> {
  const ids = rates.map(() => newId("shippingRate"));
  await db().shippingZone.create({
    data: {
      id: newId("shippingZone"),
      name: countries.join(" "),
      position: 2,
      countries: { create: countries.map((country) => ({ country })) },
      rates: {
        create: rates.map((rate, index) => ({ id: ids[index] ?? "", position: index + 1, currency: "EUR", ...rate })),
      },
    },
  });
  return ids;
}

export async function addTax(country: string, basisPoints: number, productType?: string): Promise<void> {
  const appliesToShipping = productType === undefined;
  await db().taxRate.create({
    data: { id: newId("taxRate"), country, name: "VAT", basisPoints, productType, appliesToShipping },
  });
}

export function addDiscount(discount: Omit<Prisma.DiscountUncheckedCreateInput, "id">) {
  return db().discount.create({ data: { id: newId("discount"), ...discount } });
}

/** How often the code counts as used, and by how many orders. */
export async function usesOf(code: string): Promise<[counted: number, orders: number]> {
  const { usedCount, _count } = await db().discount.findUniqueOrThrow({
    where: { code },
    include: { _count: { select: { uses: true } } },
  });
  return [usedCount, _count.uses];
}

/** What Ada sends when her parcel goes to this country, this way, at the total she was shown. */
export function sentTo(country: string, way?: { rateId: ShippingRateId; total: number }): PlaceOrderInput {
  const shipping = way && { rateId: way.rateId, total: money(way.total, "EUR") };
  return { ...ada, shipTo: { ...ada.shipTo, country }, shipping };
}
