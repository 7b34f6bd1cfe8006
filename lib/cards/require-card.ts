import type { CustomerActor } from "@/lib/accounts/actor";
import type { SavedCard } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/transaction";
import type { SavedCardId } from "@/lib/ids";
import { isCardExpired } from "./card-words";
import { CardExpiredError, CardNotFoundError } from "./errors";

/** A card that the shopper can pay with now. @throws CardNotFoundError (a guest's too), CardExpiredError */
export async function requireCard(
  tx: Tx,
  { cardId, customer, now }: { cardId: SavedCardId; customer: CustomerActor | undefined; now: Date },
): Promise<SavedCard> {
  const card = customer
    ? await tx.savedCard.findFirst({ where: { id: cardId, userId: customer.userId, state: "kept" } })
    : null;
  if (!card) throw new CardNotFoundError();
  if (isCardExpired(card, now)) throw new CardExpiredError();
  return card;
}
