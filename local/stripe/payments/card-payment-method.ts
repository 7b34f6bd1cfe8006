import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Call } from "../call";
import { brandOf, testCards } from "../cards";
import { newId } from "../ids";

type CardInput = {
  number: string;
  expMonth: number;
  expYear: number;
  billingDetails?: Partial<Stripe.PaymentMethod.BillingDetails>;
  metadata?: Stripe.Metadata;
};

/** Stores a card as a payment method. Of the number, answers show the last four digits only. */
export function createCardPaymentMethod(call: Call, input: CardInput): Stripe.PaymentMethod {
  const known = testCards.find((card) => card.number === input.number);
  const brand = known?.brand ?? brandOf(input.number);
  const method: Stripe.PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null, ...input.billingDetails },
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: "US",
      display_brand: brand,
      exp_month: input.expMonth,
      exp_year: input.expYear,
      fingerprint: createHash("sha256").update(input.number).digest("hex").slice(0, 16),
      funding: known?.funding ?? "credit",
      generated_from: null,
      last4: input.number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: call.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: input.metadata ?? {},
    type: "card",
  };
  call.store.paymentMethods.put(method.id, method);
  call.store.cardNumbers.put(method.id, input.number);
  return method;
}
