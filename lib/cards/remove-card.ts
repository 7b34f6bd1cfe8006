import { type Actor, requireCustomer } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import type { SavedCardId } from "@/lib/ids";
import { beginRemoval } from "./begin-removal";
import { CardNotFoundError } from "./errors";
import { lockCards } from "./lock-cards";

/**
 * A shopper takes a card out of the account: it is not charged any more, not even for an order that waits for it, whose
 * shopper is then asked to pay. @throws SignInNeededError, CardNotFoundError
 */
export async function removeCard({ actor, cardId }: { actor: Actor; cardId: SavedCardId }): Promise<void> {
  requireCustomer(actor);
  const { userId } = actor;
  const removed = await transaction(async (tx) => {
    await lockCards(tx, userId);
    return beginRemoval(tx, { id: cardId, userId });
  });
  if (!removed) throw new CardNotFoundError();
}
