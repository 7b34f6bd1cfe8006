import { expect, test, vi } from "vitest";
import { secretKey, startLocalStripe, startReceiver, webhookSecret } from "./local-stripe";
import { follow, recipeOf } from "./recipe";

/** The events of Stripe's own command-line tool whose objects this Stripe makes itself. */
const types = [
  "charge.captured",
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.failed",
  "charge.refund.updated",
  "charge.refunded",
  "charge.succeeded",
  "checkout.session.completed",
  "checkout.session.expired",
  "customer.created",
  "customer.deleted",
  "customer.updated",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "payment_intent.created",
  "payment_intent.payment_failed",
  "payment_intent.requires_action",
  "payment_intent.succeeded",
  "payment_method.attached",
  "product.created",
  "product.updated",
];

test.skipIf(recipeOf("charge.succeeded") === undefined).each(types)(
  "the recipe of Stripe's CLI for %s ends with that event delivered",
  async (type) => {
    const receiver = await startReceiver();
    const local = await startLocalStripe({ webhook: { url: receiver.url, secret: webhookSecret } });

    await follow(recipeOf(type) ?? "", { url: local.url, secretKey });

    await vi.waitFor(() => expect(receiver.ofType(type)).toHaveLength(1), { timeout: 10_000, interval: 20 });
  },
);
