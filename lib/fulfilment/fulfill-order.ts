import { db } from "@/lib/db/client";
import type { Shipment } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { changeOrder } from "@/lib/orders/change-order";
import { OrderNotFoundError } from "@/lib/orders/errors";
import { canPerform } from "@/lib/orders/order-status";
import type { ShippingAddress } from "@/lib/orders/schema";
import { inHouseCourier } from "./in-house-courier";

/** `not-ready`: the order is not confirmed (or over), so nothing was done. */
export type FulfilledOrder =
  | { outcome: "packed" | "already-packed"; trackingNumber: string }
  | { outcome: "not-ready"; trackingNumber: null };

/**
 * Packs a confirmed order: one shipment with one label, however many ask for it and however often. Before the order is
 * confirmed it does nothing and says so.
 *
 * @throws OrderNotFoundError
 */
export async function fulfillOrder({ orderId, now }: { orderId: OrderId; now: Date }): Promise<FulfilledOrder> {
  const order = await db().order.findUnique({ where: { id: orderId }, include: { shipment: true } });
  if (!order) throw new OrderNotFoundError();
  if (isPacked(order.shipment)) return { outcome: "already-packed", trackingNumber: order.shipment.trackingNumber };
  if (!canPerform("fulfil", order)) return { outcome: "not-ready", trackingNumber: null };

  // The shipment's id follows from the order's, so that callers at the same time ask for the same label.
  const shipmentId = orderId.replace(/^ord_/, "shp_");
  const carrier = inHouseCourier;
  const { trackingNumber } = await carrier.createLabel({ shipmentId, shipTo: order.shipTo as ShippingAddress });
  const isFirst = await transaction(async (tx) => {
    const changed = await changeOrder(tx, {
      orderId,
      action: "fulfil",
      data: { status: "fulfilling" },
      actor: { kind: "system" },
      message: `The parcel is packed and waits for the ${carrier.name}. Its number is ${trackingNumber}.`,
      now,
    });
    if (changed)
      await tx.shipment.create({
        data: { id: shipmentId, orderId, carrier: carrier.name, trackingNumber, createdAt: now },
      });
    return changed;
  });
  if (isFirst) return { outcome: "packed", trackingNumber };
  // Somebody was faster: packed it too, or cancelled the order.
  const shipment = await db().shipment.findUnique({ where: { orderId } });
  return isPacked(shipment)
    ? { outcome: "already-packed", trackingNumber }
    : { outcome: "not-ready", trackingNumber: null };
}

/** True for a parcel that is (or was) on its way; one of a cancelled order went back to the shelf. */
function isPacked(shipment: Shipment | null): shipment is Shipment {
  return shipment !== null && shipment.status !== "cancelled";
}
