import type { TriggeredOrders } from "@/lib/orders/batch-trigger-orders";

const numbers = (orders: readonly { number: number }[]) => orders.map(({ number }) => `#${number}`).join(", ");

/** What was asked for, as a sentence. */
export function triggeredWords({ asked, left }: Pick<TriggeredOrders, "asked" | "left">): string {
  const [only, ...more] = left;
  if (asked.length === 0) return only && more.length === 0 ? only.why : "None of them has work left to do.";
  if (asked.length === 1) return `Order ${numbers(asked)} is worked on once more.`;
  return `${asked.length} orders are worked on once more: ${numbers(asked)}.`;
}
