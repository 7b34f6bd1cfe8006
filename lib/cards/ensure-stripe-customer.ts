import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { StripeCustomer } from "@/lib/db/generated/client";
import type { UserId } from "@/lib/ids";
import { createCustomer, findCustomer, isCustomerThere } from "@/lib/payments/create-customer";
import { StripeServerError } from "@/lib/payments/errors";

/**
 * Who the shopper is at Stripe: made there at most once, whoever asks and however often. One that somebody has deleted
 * there is replaced.
 *
 * @throws TemporaryError (ask again)
 */
export async function ensureStripeCustomer(userId: UserId): Promise<string> {
  await db().stripeCustomer.createMany({ data: [{ userId }], skipDuplicates: true });
  const known = await db().stripeCustomer.findUniqueOrThrow({ where: { userId }, include: { user: true } });
  if (known.stripeCustomerId && (await isCustomerThere(known.stripeCustomerId))) return known.stripeCustomerId;
  const current = known.stripeCustomerId ? await nextAttempt(known) : known;
  const shopper = { userId, email: known.user.email };
  const made =
    (await findCustomer(shopper)) ??
    (await createCustomer({ ...shopper, attempt: current.attempt }).catch(async (error: unknown) => {
      // Stripe would repeat its own failure for a day under this key.
      if (error instanceof StripeServerError) await nextAttempt(current);
      throw error;
    }));
  await crashPoint("stripe-customer.made");
  await db().stripeCustomer.updateMany({
    where: { userId, stripeCustomerId: null },
    data: { stripeCustomerId: made },
  });
  return (await db().stripeCustomer.findUniqueOrThrow({ where: { userId } })).stripeCustomerId ?? made;
}

/** One more than was tried, counted once however many notice at once. */
async function nextAttempt({ userId, stripeCustomerId, attempt }: StripeCustomer): Promise<StripeCustomer> {
  await db().stripeCustomer.updateMany({
    where: { userId, stripeCustomerId, attempt },
    data: { stripeCustomerId: null, attempt: attempt + 1 },
  });
  return db().stripeCustomer.findUniqueOrThrow({ where: { userId } });
}
