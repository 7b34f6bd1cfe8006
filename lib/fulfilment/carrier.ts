import type { ShippingAddress } from "@/lib/orders/schema";

/** One parcel. Everything in it comes from stored rows, so that asking again is asking for the same. */
export type Parcel = {
  shipmentId: string;
  shipTo: ShippingAddress;
  /** 0 where it is not known. */
  weightGrams: number;
  contents: readonly { sku: string | null; quantity: number }[];
};

export type Label = { carrier: string; trackingNumber: string };

/** Who takes parcels. The shipment's id is the key of its label, for ever. */
export type Carrier = {
  /**
   * Buys the label of a parcel, or answers the one it has: the same shipment asked for twice, or by several at once, is
   * one label and one tracking number.
   *
   * @throws ParcelRefusedError, CarrierRefusedError, TemporaryError
   */
  createLabel(parcel: Parcel): Promise<Label>;
  /** The label to print. @throws LabelNotFoundError, CarrierRefusedError, TemporaryError */
  readLabelPdf(shipmentId: string): Promise<Buffer>;
  /** Takes a label back; there may be none (any more). @throws CarrierRefusedError, TemporaryError */
  voidLabel(shipmentId: string): Promise<void>;
};
