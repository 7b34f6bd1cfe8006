import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { completeToken } from "@/lib/runs/complete-token";

/** Tells the run that waits for a decision, if any; false where it could not be told. What is decided is in the table. */
export async function wakeReview({ id, tokenId }: { id: string; tokenId: string | null }): Promise<boolean> {
  if (!tokenId) return true;
  try {
    await completeToken(tokenId, { reviewId: id });
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.warn("review.run-not-told", { reviewId: id, reason: error.message });
    return false;
  }
}
