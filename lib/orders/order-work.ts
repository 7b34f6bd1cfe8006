import type { Order, OrderReview, Payment, Refund, ShippingLabel } from "@/lib/db/generated/client";
import type { RefundId } from "@/lib/ids";
import { canPerform } from "./order-status";

/** What the background can do for an order as it stands. */
export type OrderWork = { name: "order.process" | "order.fulfil" } | { name: "order.refund"; refundId: RefundId };

type WorkedOn = Pick<Order, "status" | "paymentStatus"> & {
  payments: Pick<Payment, "kind" | "state">[];
  label: Pick<ShippingLabel, "state"> | null;
  /** Those that are not approved. */
  reviews: Pick<OrderReview, "state">[];
  /** Those that are not settled. */
  refunds: Pick<Refund, "id">[];
};

/** The work that is left to do for an order, as `waitingOrders` says it to the sweeps, or a sentence on why there is none. */
export function orderWork(order: WorkedOn): { work: OrderWork[]; why: string } {
  const { status, paymentStatus, payments, label, reviews, refunds } = order;
  const work: OrderWork[] = refunds.map(({ id }) => ({ name: "order.refund", refundId: id as RefundId }));
  const waitsForCard = payments.some(({ kind, state }) => kind === "saved_card" && state === "created");
  const isUncharged = canPerform("pay", order) && waitsForCard;
  if (paymentStatus === "authorized" || isUncharged) work.push({ name: "order.process" });
  const canBePacked = canPerform("fulfil", order) && reviews.length === 0;
  if (canBePacked || (status === "cancelled" && label !== null && label.state !== "void"))
    work.push({ name: "order.fulfil" });
  return { work, why: work.length > 0 ? "" : whyNone(order) };
}

function whyNone({ status, reviews }: WorkedOn): string {
  switch (status) {
    case "pending":
      return "It is not paid yet, and the shopper may still pay.";
    case "confirmed":
      return reviews.some(({ state }) => state === "refused")
        ? "Somebody decided that it is not to be packed."
        : "It waits for somebody to decide.";
    case "fulfilling":
      return "It is packed, and waits to be handed over.";
    case "shipped":
    case "delivered":
      return "It is finished.";
    case "cancelled":
      return "It was cancelled, and nothing is left to do.";
    case "expired":
      return "It was not paid in time, and nothing is left to do.";
  }
}
