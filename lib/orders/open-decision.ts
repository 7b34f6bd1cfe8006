import type { OrderId } from "@/lib/ids";
import { createToken } from "@/lib/runs/create-token";
import { orderRunTag } from "@/lib/runs/tags";
import { noteReviewToken } from "./ask-for-review";

/** How long a run waits for a decision; one that comes later starts another run. */
const decisionTimeout = "30d";

/**
 * The token on which a run waits for staff to decide about the order; null where they have decided meanwhile. The same
 * review is the same token, for every run of the order and every try.
 */
export async function openDecision(asked: { orderId: OrderId; reviewId: string }): Promise<string | null> {
  const { orderId, reviewId } = asked;
  const { id: tokenId } = await createToken({
    key: `order:${orderId}:review:${reviewId}`,
    timeout: decisionTimeout,
    tags: [orderRunTag(orderId)],
  });
  return (await noteReviewToken({ reviewId, tokenId })) ? tokenId : null;
}
