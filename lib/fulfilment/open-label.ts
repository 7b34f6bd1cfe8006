import { Readable } from "node:stream";
import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { getObjectStream } from "@/lib/storage/get-object-stream";
import { LabelNotFoundError } from "./errors";

/**
 * The label of an order's parcel to print, to be answered to a browser as it is read.
 *
 * @throws NotAllowedError, LabelNotFoundError, ObjectNotFoundError, TemporaryError when the file store is away
 */
export async function openLabel({ actor, orderId }: { actor: Actor; orderId: OrderId }): Promise<{
  stream: ReadableStream<Uint8Array>;
  sizeBytes: number;
  contentType: string;
  fileName: string;
}> {
  requireStaff(actor);
  const shipment = await db().shipment.findUnique({ where: { orderId } });
  if (!shipment?.labelKey) throw new LabelNotFoundError(`no label is kept for ${orderId}`);
  const { stream, sizeBytes, contentType } = await getObjectStream(shipment.labelKey);
  return {
    stream: Readable.toWeb(stream) as ReadableStream<Uint8Array>,
    sizeBytes,
    contentType,
    fileName: `label-${shipment.trackingNumber}.pdf`,
  };
}
