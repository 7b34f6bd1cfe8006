import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { OrderReview, Shipment, ShippingLabel } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { newId, type OrderId } from "@/lib/ids";
import { log } from "@/lib/log";
import { money } from "@/lib/money/money";
import { askForReview } from "@/lib/orders/ask-for-review";
import { changeOrder } from "@/lib/orders/change-order";
import { closeReview } from "@/lib/orders/close-review";
import { OrderNotFoundError } from "@/lib/orders/errors";
import { lockOrder } from "@/lib/orders/lock-order";
import { canPerform } from "@/lib/orders/order-status";
import { reviewReason } from "@/lib/orders/review-reason";
import type { ShippingAddress } from "@/lib/orders/schema";
import { putObject } from "@/lib/storage/put-object";
import { getStoreSettings } from "@/lib/store-settings";
import type { Carrier, Label } from "./carrier";
import { ParcelRefusedError } from "./errors";
import { storeCarrier } from "./http-carrier";
import { pickList } from "./pick-list";

/**
 * `waiting`: a person has to decide first; run it again afterwards. `refused`: a person decided against it. `not-ready`:
 * the order is not confirmed (or over), so nothing was done.
 */
export type FulfilledOrder =
  | { outcome: "packed" | "already-packed"; trackingNumber: string }
  | { outcome: "not-ready"; trackingNumber: null }
  | { outcome: "waiting" | "refused"; trackingNumber: null; reviewId: string };

/**
 * Packs a confirmed order: pick list, the carrier's label, its PDF, the shipment. One shipment with one label, however
 * many ask for it, however often, and wherever they die: the label is written down before it is bought, and its id is
 * the carrier's key for it. What a person has to look at waits, and so does what the carrier does not take. Before the
 * order is confirmed it does nothing and says so.
 *
 * @throws OrderNotFoundError, CarrierRefusedError, TemporaryError (run it again)
 */
export async function fulfillOrder({ orderId, now }: { orderId: OrderId; now: Date }): Promise<FulfilledOrder> {
  const order = await readOrder(orderId);
  const carrier = storeCarrier();
  if (isPacked(order.shipment)) return { outcome: "already-packed", trackingNumber: order.shipment.trackingNumber };
  if (!canPerform("fulfil", order)) return notReady(carrier, order, now);
  const review = order.reviews.find(({ state }) => state !== "approved") ?? (await reviewIfNeeded(order, now));
  if (review) return waitingFor(review);

  const label = await writeLabelDown(order, now);
  if (!label) return fulfillOrder({ orderId, now }); // it moved on meanwhile: look again
  await crashPoint("fulfill-order.label-asked");
  const bought = await buyLabel(carrier, order, label);
  if (bought instanceof ParcelRefusedError) {
    const asked = await askForReview({ orderId, kind: "parcel", reason: bought.reason, now });
    return asked ? waitingFor(asked) : fulfillOrder({ orderId, now });
  }
  await crashPoint("fulfill-order.label-bought");
  const labelKey = `labels/${label.id}.pdf`;
  const body = await carrier.readLabelPdf(label.id);
  await putObject({ key: labelKey, body, contentType: "application/pdf" });
  await crashPoint("fulfill-order.label-stored");
  const outcome = await pack({ orderId, label, bought, labelKey, now });
  await crashPoint("fulfill-order.packed");
  return outcome === "not-ready"
    ? notReady(carrier, { ...(await readOrder(orderId)), label }, now)
    : { outcome, trackingNumber: bought.trackingNumber };
}

async function readOrder(id: OrderId) {
  const order = await db().order.findUnique({
    where: { id },
    include: {
      shipment: true,
      label: true,
      reviews: true,
      payments: { where: { state: "captured" } },
      lines: { orderBy: { position: "asc" }, include: { variant: { select: { weightGrams: true } } } },
    },
  });
  if (!order) throw new OrderNotFoundError();
  return order;
}

type Order = Awaited<ReturnType<typeof readOrder>>;

function waitingFor({ id, state }: OrderReview): FulfilledOrder {
  return { outcome: state === "refused" ? "refused" : "waiting", trackingNumber: null, reviewId: id };
}

/** Asks staff to look at the order where that is due and they have not. */
async function reviewIfNeeded(order: Order, now: Date): Promise<OrderReview | null> {
  if (order.reviews.some(({ kind }) => kind === "order")) return null;
  const reason = reviewReason({
    total: money(order.totalAmount, order.currency),
    captured: order.payments.map(({ amount, currency }) => money(amount, currency)),
    reviewFrom: (await getStoreSettings()).reviewFromAmount,
  });
  return reason ? askForReview({ orderId: order.id as OrderId, kind: "order", reason, now }) : null;
}

/** The row comes first, with all that the carrier is told beside the order's own; null where there is nothing to pack. */
async function writeLabelDown(order: Order, now: Date): Promise<ShippingLabel | null> {
  const orderId = order.id as OrderId;
  const { weightGrams } = pickList(order.lines);
  return transaction(async (tx) => {
    await lockOrder(tx, orderId);
    const current = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
    if (!canPerform("fulfil", current)) return null;
    await tx.shippingLabel.createMany({
      data: [{ id: newId("shipment"), orderId, weightGrams, createdAt: now }],
      skipDuplicates: true,
    });
    return tx.shippingLabel.findUniqueOrThrow({ where: { orderId } });
  });
}

async function buyLabel(carrier: Carrier, order: Order, label: ShippingLabel): Promise<Label | ParcelRefusedError> {
  try {
    return await carrier.createLabel({
      shipmentId: label.id,
      shipTo: order.shipTo as ShippingAddress, // parsed when it was written
      weightGrams: label.weightGrams,
      contents: pickList(order.lines).lines.map(({ sku, quantity }) => ({ sku, quantity })),
    });
  } catch (error) {
    if (error instanceof ParcelRefusedError) return error;
    throw error;
  }
}

async function pack(parcel: {
  orderId: OrderId;
  label: ShippingLabel;
  bought: Label;
  labelKey: string;
  now: Date;
}): Promise<"packed" | "already-packed" | "not-ready"> {
  const { orderId, label, bought, labelKey, now } = parcel;
  const { carrier, trackingNumber } = bought;
  const outcome = await transaction(async (tx) => {
    const changed = await changeOrder(tx, {
      orderId,
      action: "fulfil",
      data: { status: "fulfilling" },
      actor: { kind: "system" },
      message: `The parcel is packed and waits for ${carrier}. Its number is ${trackingNumber}.`,
      now,
    });
    if (!changed)
      return isPacked(await tx.shipment.findUnique({ where: { orderId } })) ? "already-packed" : "not-ready";
    await tx.shippingLabel.update({ where: { id: label.id }, data: { state: "bought" } });
    await tx.shipment.create({
      data: { id: label.id, orderId, carrier, trackingNumber, labelKey, createdAt: now },
    });
    return "packed";
  });
  if (outcome === "packed") log.info("order.packed", { orderId, shipmentId: label.id });
  return outcome;
}

/**
 * The undo of buying a label and of asking staff, for an order that was cancelled meanwhile, or after it was packed. A
 * label is taken back also where that has been done before: whoever was buying it then may have come after.
 */
async function notReady(
  carrier: Carrier,
  { id, status, label }: Pick<Order, "id" | "status" | "label">,
  now: Date,
): Promise<FulfilledOrder> {
  if (status === "cancelled") await closeReview({ orderId: id as OrderId, now });
  if (label) {
    await carrier.voidLabel(label.id);
    await db().shippingLabel.updateMany({ where: { id: label.id }, data: { state: "void" } });
  }
  return { outcome: "not-ready", trackingNumber: null };
}

/** True for a parcel that is (or was) on its way; one of a cancelled order went back to the shelf. */
function isPacked(shipment: Shipment | null): shipment is Shipment {
  return shipment !== null && shipment.status !== "cancelled";
}
