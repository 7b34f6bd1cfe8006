import { type Actor, requireCustomer } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import type { SavedCardId } from "@/lib/ids";
import { CardNotFoundError } from "./errors";
import { lockCards } from "./lock-cards";

/** Which of the shopper's cards is offered first. May be repeated. @throws SignInNeededError, CardNotFoundError */
export async function chooseDefaultCard({ actor, cardId }: { actor: Actor; cardId: SavedCardId }): Promise<void> {
  requireCustomer(actor);
  const { userId } = actor;
  await transaction(async (tx) => {
    await lockCards(tx, userId);
    await tx.savedCard.updateMany({
      where: { userId, isDefault: true, id: { not: cardId } },
      data: { isDefault: false },
    });
    const chosen = await tx.savedCard.updateMany({
      where: { id: cardId, userId, state: "kept" },
      data: { isDefault: true },
    });
    if (chosen.count === 0) throw new CardNotFoundError();
  });
}
