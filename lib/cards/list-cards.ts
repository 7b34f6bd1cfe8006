import type { CustomerActor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { SavedCardId } from "@/lib/ids";
import { cardExpiry, cardName, isCardExpired } from "./card-words";

/** A card as its holder sees it: "Visa ending 4242", "04/27". */
export type SavedCardView = {
  id: SavedCardId;
  name: string;
  expiry: string;
  isExpired: boolean;
  isDefault: boolean;
};

/** The cards a shopper keeps, the default first, then the newest. */
export async function listCards({ actor, now }: { actor: CustomerActor; now: Date }): Promise<SavedCardView[]> {
  const cards = await db().savedCard.findMany({
    where: { userId: actor.userId, state: "kept" },
    orderBy: [{ isDefault: "desc" }, { createdAt: "desc" }],
  });
  return cards.map((card) => ({
    id: card.id as SavedCardId,
    name: cardName(card),
    expiry: cardExpiry(card),
    isExpired: isCardExpired(card, now),
    isDefault: card.isDefault,
  }));
}
