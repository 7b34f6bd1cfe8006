import type { Tx } from "@/lib/db/transaction";
import type { SavedCardId, UserId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";

/**
 * From this moment the card is not offered and not charged; Stripe is asked to forget it right after. Where it was the
 * default, the newest of the others is. The caller has locked the shopper's cards. False where it was not kept (any more).
 */
export async function beginRemoval(tx: Tx, { id, userId }: { id: SavedCardId; userId: UserId }): Promise<boolean> {
  const mine = { id, userId, state: "kept" } as const;
  const card = await tx.savedCard.findFirst({ where: mine });
  if (!card) return false;
  await tx.savedCard.update({ where: { id }, data: { state: "removing", isDefault: false } });
  const next = card.isDefault
    ? await tx.savedCard.findFirst({ where: { userId, state: "kept" }, orderBy: { createdAt: "desc" } })
    : null;
  if (next) await tx.savedCard.update({ where: { id: next.id }, data: { isDefault: true } });
  await addToOutbox(tx, "saved-card.remove", { key: `saved-card:${id}:remove`, payload: { cardId: id } });
  return true;
}
