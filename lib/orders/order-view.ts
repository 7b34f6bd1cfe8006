import type {
  Order,
  OrderEvent,
  OrderLine,
  OrderStatus,
  PaymentStatus,
  Prisma,
  RefundStatus,
  Shipment,
} from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import type { ShippingAddress } from "./schema";

export type OrderLineView = {
  id: string;
  title: string;
  variantTitle: string;
  sku: string | null;
  quantity: number;
  unitPrice: Money;
  total: Money;
};

export type TimelineEntry = { id: string; kind: string; actor: string; message: string; at: Date };

export type OrderView = {
  id: OrderId;
  number: number;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  refundStatus: RefundStatus;
  email: string;
  shipTo: ShippingAddress;
  lines: OrderLineView[];
  subtotal: Money;
  shipping: Money;
  total: Money;
  placedAt: Date;
  confirmedAt: Date | null;
  cancelReason: string | null;
  shipment: Pick<Shipment, "status" | "carrier" | "trackingNumber" | "createdAt" | "shippedAt"> | null;
  /** Oldest first. */
  timeline: TimelineEntry[];
};

/** What `toOrderView` needs read. */
export const orderViewInclude = {
  lines: { orderBy: { position: "asc" } },
  events: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
  shipment: true,
} satisfies Prisma.OrderInclude;

/** An order as pages and mails show it, at the prices it was placed with. */
export function toOrderView(
  order: Order & { lines: OrderLine[]; events: OrderEvent[]; shipment: Shipment | null },
): OrderView {
  const of = (amount: number) => money(amount, order.currency);
  return {
    id: order.id as OrderId,
    number: order.number,
    status: order.status,
    paymentStatus: order.paymentStatus,
    refundStatus: order.refundStatus,
    email: order.email,
    shipTo: order.shipTo as ShippingAddress, // written by placeOrder only, which parsed it
    lines: order.lines.map((line) => ({
      id: line.id,
      title: line.title,
      variantTitle: line.variantTitle,
      sku: line.sku,
      quantity: line.quantity,
      unitPrice: of(line.unitPriceAmount),
      total: of(line.totalAmount),
    })),
    subtotal: of(order.subtotalAmount),
    shipping: of(order.shippingAmount),
    total: of(order.totalAmount),
    placedAt: order.placedAt,
    confirmedAt: order.confirmedAt,
    cancelReason: order.cancelReason,
    shipment: order.shipment?.status === "cancelled" ? null : order.shipment,
    timeline: order.events.map(({ id, kind, actor, message, createdAt }) => ({
      id,
      kind,
      actor,
      message,
      at: createdAt,
    })),
  };
}
