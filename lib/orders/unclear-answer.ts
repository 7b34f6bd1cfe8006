import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { StripeServerError } from "@/lib/payments/errors";
import { addOrderEvent } from "./change-order";

type Step = "authorize" | "capture" | "cancel";

const nouns: Record<Step, string> = { authorize: "authorisation", capture: "capture", cancel: "cancel" };

const kindOf = (step: Step) => `${step}-unclear`;

/**
 * Which try of this step comes next: one more than Stripe has answered with an error of its own, since it repeats such
 * an answer under the same key. The caller has looked first that the step is still to be done.
 */
export async function nextAttempt(orderId: OrderId, step: Step): Promise<number> {
  return 1 + (await db().orderEvent.count({ where: { orderId, kind: kindOf(step) } }));
}

/** Writes down that Stripe answered with an error of its own, and throws the error on. */
export async function noteIfUnclear(unclear: {
  orderId: OrderId;
  step: Step;
  error: unknown;
  now: Date;
}): Promise<never> {
  const { orderId, step, error, now } = unclear;
  if (error instanceof StripeServerError)
    await transaction((tx) =>
      addOrderEvent(tx, {
        orderId,
        kind: kindOf(step),
        actor: { kind: "system" },
        message: `Stripe did not say whether the ${nouns[step]} was done. It is looked up before the next try.`,
        now,
      }),
    );
  throw error;
}
