import type { ShippingAddress } from "@/lib/orders/schema";

/** Who takes parcels. Asking twice for the label of one shipment must answer the same label. */
export type Carrier = {
  name: string;
  createLabel(parcel: { shipmentId: string; shipTo: ShippingAddress }): Promise<{ trackingNumber: string }>;
};
