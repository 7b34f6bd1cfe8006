import type { CustomerActor } from "@/lib/accounts/actor";
import { requireCard } from "@/lib/cards/require-card";
import type { Tx } from "@/lib/db/transaction";
import type { SavedCardId } from "@/lib/ids";
import type { Paying } from "./begin-payment";
import type { PlaceOrderInput } from "./schema";

/**
 * How the shopper wants to pay. A guest has no cards, and keeps none.
 *
 * @throws CardNotFoundError, CardExpiredError
 */
export async function choosePaying(
  tx: Tx,
  { input, customer, now }: { input: PlaceOrderInput; customer: CustomerActor | undefined; now: Date },
): Promise<Paying> {
  const { savedCardId, keepCard = false } = input;
  if (!savedCardId) return { kind: "page", keepCard: keepCard && customer !== undefined };
  const card = await requireCard(tx, { cardId: savedCardId, customer, now });
  return { kind: "saved_card", savedCardId: card.id as SavedCardId };
}
