import { invariant } from "@/lib/errors";
import type { OrderId, PaymentId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { idempotencyKey } from "./idempotency-key";
import { callStripe } from "./stripe-client";

/** How long a shopper may take to pay. Stripe's least is 30 minutes from when it makes the session. */
export const sessionLifetimeMs = 31 * 60_000;

/** How many lines a payment page takes. https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items */
export const sessionLinesMax = 100;

export type CheckoutSessionRequest = {
  paymentId: PaymentId;
  orderId: OrderId;
  orderNumber: number;
  email: string;
  /** Keeps the card for this customer of Stripe's, to be charged later while the shopper is away; null keeps nothing. */
  keepCardFor: string | null;
  lines: readonly { name: string; unitPrice: Money; quantity: number }[];
  shipping: Money;
  /** Where Stripe's page leads a shopper who has paid. Anybody can type it, so it proves nothing. */
  paidUrl: string;
  /** Where it leads a shopper who goes back without paying. */
  returnUrl: string;
  expiresAt: Date;
};

/**
 * Makes Stripe's payment page for one payment by card, which is authorised there and charged later (manual capture).
 * Asking again with the same request answers the same page, so everything in it comes from our stored rows and nothing
 * from the clock. `total` is what Stripe is going to charge: the caller compares it with what the order costs.
 *
 * https://docs.stripe.com/payments/place-a-hold-on-a-payment-method · https://docs.stripe.com/payments/save-during-payment
 */
export async function createCheckoutSession(
  request: CheckoutSessionRequest,
): Promise<{ id: string; url: string; total: Money }> {
  const metadata = { orderId: request.orderId, paymentId: request.paymentId };
  const line = (name: string, unitPrice: Money, quantity: number) => ({
    quantity,
    price_data: {
      currency: unitPrice.currency.toLowerCase(),
      unit_amount: unitPrice.amount,
      product_data: { name },
    },
  });
  const session = await callStripe((stripe) =>
    stripe.checkout.sessions.create(
      {
        mode: "payment",
        allowed_payment_method_types: ["card"],
        payment_intent_data: {
          capture_method: "manual",
          ...(request.keepCardFor ? { setup_future_usage: "off_session" } : {}),
          description: `Order ${request.orderNumber}`,
          metadata,
        },
        line_items: [
          ...request.lines.map(({ name, unitPrice, quantity }) => line(name, unitPrice, quantity)),
          ...(request.shipping.amount > 0 ? [line("Shipping", request.shipping, 1)] : []),
        ],
        ...(request.keepCardFor ? { customer: request.keepCardFor } : { customer_email: request.email }),
        client_reference_id: request.orderId,
        metadata,
        success_url: request.paidUrl,
        cancel_url: request.returnUrl,
        expires_at: Math.floor(request.expiresAt.getTime() / 1000),
      },
      { idempotencyKey: idempotencyKey(request.paymentId, "session") },
    ),
  );
  invariant(session.url, "a new session of the hosted page has an address");
  const total = money(session.amount_total ?? 0, (session.currency ?? "").toUpperCase());
  return { id: session.id, url: session.url, total };
}
