import type { OrderView } from "@/lib/orders/order-view";
import type { Tone } from "./status-light";

type Stage = Pick<OrderView, "status" | "paymentStatus">;

/** How an order stands, in a few words and one lamp; `review` is for staff, who have to do something about it. */
export function orderWords({ status, paymentStatus, review }: Stage & { review?: { isRefused: boolean } | null }): {
  tone: Tone;
  text: string;
} {
  switch (status) {
    case "pending":
      if (paymentStatus === "unpaid") return { tone: "waiting", text: "Waiting for payment" };
      return { tone: "running", text: "In progress" };
    case "confirmed":
      if (review?.isRefused) return { tone: "stopped", text: "Not to be packed" };
      if (review) return { tone: "waiting", text: "Needs a look" };
      return { tone: "running", text: "Confirmed" };
    case "fulfilling":
      return { tone: "good", text: "Packed" };
    case "shipped":
      return { tone: "good", text: "Shipped" };
    case "delivered":
      return { tone: "good", text: "Delivered" };
    case "cancelled":
      return { tone: "stopped", text: paymentStatus === "failed" ? "Payment failed" : "Cancelled" };
    case "expired":
      return { tone: "stopped", text: "Not paid in time" };
  }
}

/**
 * How an unpaid order stands for somebody who says to have just paid: true as well for one who has not, since all it
 * says is that we wait for word from Stripe.
 */
export const paymentCheckWords = {
  tone: "running",
  text: "Checking your payment",
  explanation:
    "We are waiting for Stripe to tell us about your payment, which takes a few seconds. Your items are set aside for you meanwhile, and this page changes by itself.",
} as const satisfies { tone: Tone; text: string; explanation: string };

/** How an order stands whose saved card is being charged. */
export const chargingWords = {
  tone: "running",
  text: "Charging your card",
  explanation:
    "Your items are set aside for you and we are asking your bank, which takes a few seconds. This page changes by itself.",
} as const satisfies { tone: Tone; text: string; explanation: string };

/** What that means for the shopper who reads it. */
export function orderExplanation(order: Stage & Pick<OrderView, "email" | "cancelReason" | "refundStatus">): string {
  switch (order.status) {
    case "pending":
      return order.paymentStatus === "unpaid"
        ? "Your items are set aside for you. If you have just paid, this page changes by itself in a moment."
        : "Your payment has reached us and we are working on your order. This page changes by itself.";
    case "confirmed":
      return `Thank you. Your payment went through and your items are yours; we are packing them. A mail is on its way to ${order.email}.`;
    case "fulfilling":
      return `Your parcel is packed and waits for the courier. We will write to ${order.email} when it leaves.`;
    case "shipped":
      return "Your parcel is on its way to you.";
    case "delivered":
      return "Your parcel has arrived.";
    case "cancelled":
      return cancelExplanation(order);
    case "expired":
      return "The order was not paid in time, so its items went back on the shelf. You have not been charged. Put them into your cart again to order them.";
  }
}

function cancelExplanation(order: Stage & Pick<OrderView, "cancelReason" | "refundStatus">): string {
  const why = order.cancelReason ?? "The order was cancelled.";
  if (order.paymentStatus !== "paid") return order.cancelReason ?? `${why} You have not been charged.`;
  return order.refundStatus === "full"
    ? `${why} What you paid was sent back to the card you used. Banks take five to ten days to show it.`
    : `${why} What you paid is sent back to the card you used.`;
}

/** True once nothing more happens to the order within minutes, so that no page needs to keep asking. */
export function isSettled({ status }: Stage): boolean {
  return status !== "pending" && status !== "confirmed";
}
