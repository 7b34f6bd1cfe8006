import type {
  Order,
  OrderEvent,
  OrderLine,
  OrderStatus,
  PaymentStatus,
  Prisma,
  Refund,
  RefundState,
  RefundStatus,
  Shipment,
} from "@/lib/db/generated/client";
import type { OrderId } from "@/lib/ids";
import { type Money, money, times } from "@/lib/money/money";
import type { ShippingAddress } from "./schema";
import { type TotalRows, totalRows } from "./total-rows";

export type OrderLineView = {
  id: string;
  title: string;
  variantTitle: string;
  sku: string | null;
  quantity: number;
  unitPrice: Money;
  /** The unit price times the quantity. */
  subtotal: Money;
  /** What is paid for the line: after discount, with tax. */
  total: Money;
};

export type TimelineEntry = { id: string; kind: string; actor: string; message: string; at: Date };

/** Money that was promised back, and what became of it. */
export type RefundView = { id: string; state: RefundState; amount: Money; at: Date; settledAt: Date | null };

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
  /** The price in words. */
  totals: TotalRows;
  placedAt: Date;
  confirmedAt: Date | null;
  cancelReason: string | null;
  shipment: Pick<Shipment, "status" | "carrier" | "trackingNumber" | "createdAt" | "shippedAt"> | null;
  /** Oldest first. */
  refunds: RefundView[];
  /** Oldest first. */
  timeline: TimelineEntry[];
};

/** What `toOrderView` needs read. */
export const orderViewInclude = {
  lines: { orderBy: { position: "asc" } },
  events: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
  refunds: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
  shipment: true,
} satisfies Prisma.OrderInclude;

/** An order as pages and mails show it, at the prices it was placed with. */
export function toOrderView(
  order: Order & { lines: OrderLine[]; events: OrderEvent[]; refunds: Refund[]; shipment: Shipment | null },
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
      subtotal: times(of(line.unitPriceAmount), line.quantity),
      total: of(line.totalAmount),
    })),
    subtotal: of(order.subtotalAmount),
    shipping: of(order.shippingAmount),
    total: of(order.totalAmount),
    totals: orderTotals(order),
    placedAt: order.placedAt,
    confirmedAt: order.confirmedAt,
    cancelReason: order.cancelReason,
    shipment: order.shipment?.status === "cancelled" ? null : order.shipment,
    refunds: order.refunds.map(({ id, state, amount, createdAt, settledAt }) => ({
      id,
      state,
      amount: of(amount),
      at: createdAt,
      settledAt,
    })),
    timeline: order.events.map(({ id, kind, actor, message, createdAt }) => ({
      id,
      kind,
      actor,
      message,
      at: createdAt,
    })),
  };
}

/** What pages and mails say about the price of an order. */
export function orderTotals(order: Order & { lines: OrderLine[] }): TotalRows {
  const of = (amount: number) => money(amount, order.currency);
  const lines = order.lines.map((line) => ({ taxBasisPoints: line.taxRateBasisPoints, tax: of(line.taxAmount) }));
  return totalRows(
    {
      lines,
      subtotal: of(order.subtotalAmount),
      discount: of(order.discountAmount),
      shipping: of(order.shippingAmount),
      shippingTaxBasisPoints: order.shippingTaxBasisPoints,
      shippingTax: of(order.shippingTaxAmount),
      total: of(order.totalAmount),
    },
    {
      discountCode: order.discountCode,
      shippingName: order.shippingRateName,
      taxName: order.taxName,
      taxIncluded: order.taxIncluded,
    },
  );
}
