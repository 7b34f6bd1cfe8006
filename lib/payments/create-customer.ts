import type { UserId } from "@/lib/ids";
import { idempotencyKey } from "./idempotency-key";
import { callStripe } from "./stripe-client";
import { isMissing } from "./stripe-errors";

type Shopper = { userId: UserId; email: string };

/** Makes a customer of a shopper, at most once per `attempt`. @throws TemporaryError: look (`findCustomer`), then again */
export async function createCustomer({ userId, email, attempt }: Shopper & { attempt: number }): Promise<string> {
  const customer = await callStripe((stripe) =>
    stripe.customers.create(
      { email, metadata: { userId } },
      { idempotencyKey: idempotencyKey(userId, "customer", attempt) },
    ),
  );
  return customer.id;
}

/** The customer that was made for a shopper and of which we never heard; null where there is none. */
export function findCustomer({ userId, email }: Shopper): Promise<string | null> {
  return callStripe(async (stripe) => {
    for await (const customer of stripe.customers.list({ email, limit: 100 }))
      if (customer.metadata.userId === userId) return customer.id;
    return null;
  });
}

/** Whether Stripe still has the customer: somebody may have deleted it at the dashboard. */
export function isCustomerThere(stripeCustomerId: string): Promise<boolean> {
  return callStripe(async (stripe) => {
    try {
      return (await stripe.customers.retrieve(stripeCustomerId)).deleted !== true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  });
}
