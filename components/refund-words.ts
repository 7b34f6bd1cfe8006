import type { RefundView } from "@/lib/orders/order-view";
import type { Tone } from "./status-light";

const words: Record<RefundView["state"], { tone: Tone; text: string }> = {
  requested: { tone: "running", text: "Being sent back" },
  pending: { tone: "waiting", text: "With the bank" },
  succeeded: { tone: "good", text: "Sent back" },
  failed: { tone: "stopped", text: "Failed" },
  canceled: { tone: "stopped", text: "Called off" },
};

/** How a refund stands, in a few words and one lamp. */
export function refundWords(state: RefundView["state"]): { tone: Tone; text: string } {
  return words[state];
}
