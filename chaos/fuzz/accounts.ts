import type { CustomerActor } from "@/lib/accounts/actor";
import { registerCustomer } from "@/lib/accounts/register-customer";
import { ensureStripeCustomer } from "@/lib/cards/ensure-stripe-customer";
import { finishRemoval } from "@/lib/cards/finish-removal";
import { removeCard } from "@/lib/cards/remove-card";
import { db } from "@/lib/db/client";
import { newId, type SavedCardId } from "@/lib/ids";
import { callStripe } from "@/lib/payments/stripe-client";

/** A shopper with an account. `kept` can be paid with; the others cannot, each for its own reason. */
export type Account = {
  actor: CustomerActor;
  password: string;
  kept: SavedCardId[];
  removed: SavedCardId;
  expired: SavedCardId;
};

/** As many accounts as are asked for, with cards that Stripe keeps. */
export async function openAccounts(count: number): Promise<Account[]> {
  const accounts: Account[] = [];
  for (let n = 1; n <= count; n++) accounts.push(await openAccount(`holder-${n}@example.com`));
  return accounts;
}

async function openAccount(email: string): Promise<Account> {
  const [name, password] = ["Ada Lovelace", `correct horse of ${email}`];
  // Long ago, so that it is none of the tries that are counted later.
  const userId = await registerCustomer({ email, name, password, now: new Date(0) });
  const actor: CustomerActor = { kind: "customer", userId, email, name };
  const kept = [await keepCard(actor, "pm_card_visa"), await keepCard(actor, "pm_card_mastercard")];
  await db().savedCard.update({ where: { id: kept[0] }, data: { isDefault: true } });
  const expired = await keepCard(actor, "pm_card_visa");
  await db().savedCard.update({ where: { id: expired }, data: { expYear: 2020 } });
  const removed = await keepCard(actor, "pm_card_amex");
  await removeCard({ actor, cardId: removed });
  await finishRemoval({ cardId: removed });
  return { actor, password, kept, removed, expired };
}

async function keepCard({ userId }: CustomerActor, token: string): Promise<SavedCardId> {
  const stripeCustomerId = await ensureStripeCustomer(userId);
  const attached = await callStripe((stripe) => stripe.paymentMethods.attach(token, { customer: stripeCustomerId }));
  if (!attached.card) throw new Error(`${token} is no card`);
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = attached.card;
  const card = { id: newId("savedCard"), userId, stripeCustomerId, paymentMethodId: attached.id };
  await db().savedCard.create({ data: { ...card, brand, last4, expMonth, expYear } });
  return card.id;
}
