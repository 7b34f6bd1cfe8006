import type { Tx } from "@/lib/db/transaction";
import { newId, type SavedCardId, type UserId } from "@/lib/ids";
import type { CardAtStripe } from "@/lib/payments/read-card";
import { beginRemoval } from "./begin-removal";
import { lockCards } from "./lock-cards";

/**
 * Keeps a card that its holder has paid with and wants kept: what is shown of it, once, however often it is told. The
 * first one is the default. Stripe does not notice that a card is given again, so that one that looks the same goes.
 */
export async function keepCard(
  tx: Tx,
  { userId, card, now }: { userId: UserId; card: CardAtStripe; now: Date },
): Promise<void> {
  await lockCards(tx, userId);
  const customer = await tx.stripeCustomer.findUnique({ where: { userId } });
  if (customer?.stripeCustomerId !== card.stripeCustomerId) return;
  const { brand, last4, expMonth, expYear } = card;
  const kept = await tx.savedCard.findMany({ where: { userId, state: "kept" } });
  const id = newId("savedCard");
  const made = await tx.savedCard.createMany({ data: [{ id, userId, ...card, createdAt: now }], skipDuplicates: true });
  if (made.count === 0) return;
  const looksSame = kept.filter(
    (old) => old.brand === brand && old.last4 === last4 && old.expMonth === expMonth && old.expYear === expYear,
  );
  for (const old of looksSame) await beginRemoval(tx, { id: old.id as SavedCardId, userId });
  const hasDefault = await tx.savedCard.count({ where: { userId, isDefault: true } });
  if (hasDefault === 0) await tx.savedCard.update({ where: { id }, data: { isDefault: true } });
}
