import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { invariant } from "@/lib/errors";
import type { SavedCardId } from "@/lib/ids";
import { detachCard } from "@/lib/payments/detach-card";

/**
 * Has Stripe forget a card that its holder removed. May be repeated: what is forgotten there already is written down.
 *
 * @throws TemporaryError (call it again), PaymentMisconfiguredError
 */
export async function finishRemoval({ cardId }: { cardId: SavedCardId }): Promise<void> {
  const card = await db().savedCard.findUnique({ where: { id: cardId } });
  if (!card || card.state === "removed") return;
  invariant(card.state === "removing", "it is asked for in the transaction that begins the removal");
  await detachCard(card.paymentMethodId);
  await crashPoint("remove-card.detached");
  await db().savedCard.updateMany({ where: { id: cardId, state: "removing" }, data: { state: "removed" } });
}
