import type Stripe from "stripe";
import type { Call } from "../call";
import { behaviourOf } from "../cards";
import { idOf } from "../ids";
import { attemptPayment, type PaymentAttempt } from "../payments/attempt-payment";
import { cancelSubscription } from "./cancel-subscription";
import { changeStatus } from "./change-subscription";
import { noteFailure } from "./follow-payment";
import { intentOf, subscriptionOf } from "./invoice-states";
import { markDelinquent } from "./mark-delinquent";
import type { WireInvoice, WireSubscription } from "./objects";
import { retryRules } from "./retry-rules";

/**
 * Charges an open invoice to a card. The invoice and its subscription follow the outcome. A card that was set up for
 * charges without its holder needs none; another one that asks for its holder leaves the payment open for that.
 */
export function chargeInvoice(call: Call, invoice: WireInvoice, method: Stripe.PaymentMethod): PaymentAttempt {
  const intent = intentOf(call.store, invoice.id);
  if (!intent) throw new Error(`${invoice.id} is open and has no PaymentIntent.`);
  const behaviour = behaviourOf(call.store.cardNumbers.get(method.id) ?? "");
  const isAllowed = behaviour.kind === "challenge" && behaviour.offSession === "once set up";
  const offSession = isAllowed && call.store.setUpMethods.get(method.id) === true;
  return attemptPayment(call, { intent, method, offSession });
}

/**
 * The try by the clock: with the subscription's own method, or else the customer's. After the last planned try in vain the
 * subscription gets what the account's rules say.
 */
export function collectInvoice(call: Call, open: WireInvoice): void {
  const invoice: WireInvoice = { ...open, attempt_count: open.attempt_count + 1 };
  const method = methodFor(call, invoice);
  if (method) {
    call.store.invoices.put(invoice.id, invoice);
    chargeInvoice(call, invoice, method);
  } else {
    noteFailure(call, invoice, false);
  }
  const after = call.store.invoices.get(invoice.id);
  if (after?.status !== "open") return;
  markDelinquent(call, idOf(after.customer), true);
  if (after.next_payment_attempt === null) giveUp(call, after);
}

function giveUp(call: Call, invoice: WireInvoice): void {
  const subscription = subscriptionOf(call.store, invoice);
  if (subscription?.status !== "past_due") return;
  const { afterwards } = retryRules(call.store);
  if (afterwards === "cancel") cancelSubscription(call, subscription, { reason: "payment_failed" });
  if (afterwards === "mark_unpaid") changeStatus(call, subscription, "unpaid");
}

/** The card an invoice is charged to when nobody names one; undefined where there is none. */
export function methodFor(call: Call, invoice: WireInvoice): Stripe.PaymentMethod | undefined {
  return ownMethod(call, idOf(invoice.customer), [
    invoice.default_payment_method,
    subscriptionOf(call.store, invoice)?.default_payment_method,
  ]);
}

/** The card that a subscription would be charged to; undefined where there is none. */
export function findOwnMethod(call: Call, subscription: WireSubscription): Stripe.PaymentMethod | undefined {
  return ownMethod(call, idOf(subscription.customer), [subscription.default_payment_method]);
}

type Reference = string | { id: string } | null | undefined;

/** The first of these that is still the customer's, or else what the customer pays invoices with. */
function ownMethod(call: Call, customerId: string | null, preferred: Reference[]): Stripe.PaymentMethod | undefined {
  const customer = call.store.customers.get(customerId ?? "");
  if (!customer || customer.deleted) return undefined;
  return [...preferred, customer.invoice_settings.default_payment_method]
    .flatMap((reference) => call.store.paymentMethods.get(idOf(reference) ?? "") ?? [])
    .find((method) => idOf(method.customer) === customer.id);
}
