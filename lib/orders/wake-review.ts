import { db } from "@/lib/db/client";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { completeToken } from "@/lib/runs/complete-token";

/**
 * Tells the run that waits for a decision, if any; false where it could not be told. What is decided is in the table, and
 * so is the token, for as long as its run has not been told.
 */
export async function wakeReview({ id, tokenId }: { id: string; tokenId: string | null }): Promise<boolean> {
  if (!tokenId) return true;
  try {
    await completeToken(tokenId, { reviewId: id });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.warn("review.run-not-told", { reviewId: id, reason: error.message });
    return false;
  }
  await db().orderReview.updateMany({
    where: { id, tokenId, state: { not: "waiting" } },
    data: { tokenId: null },
  });
  return true;
}
