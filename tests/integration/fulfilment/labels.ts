import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";

type LabelAtCarrier = {
  reference: string;
  trackingNumber: string;
  voidedAt: string | null;
  parcel: { to: { line1: string }; weightGrams: number };
};

/** What the carrier has sold for the order's parcels. */
export async function labelsOf(orderId: OrderId): Promise<LabelAtCarrier[]> {
  const ids = (await db().shippingLabel.findMany({ where: { orderId } })).map(({ id }) => id);
  const answer = await fetch(`${process.env.CARRIER_URL}/_local/labels`);
  return ((await answer.json()) as LabelAtCarrier[]).filter(({ reference }) => ids.includes(reference));
}
