import { join } from "node:path";
import type Stripe from "stripe";
import { type Collection, openJournal } from "../journal";
import type { WireInvoice, WireInvoiceItem, WireSubscription } from "./billing/objects";
import type { RetryRules } from "./billing/retry-rules";

/** A price as it goes over the wire: the SDK turns the decimal text into its own Decimal on the way in. */
export type WirePrice = Omit<Stripe.Price, "unit_amount_decimal"> & { unit_amount_decimal: string | null };
export type WireLineItem = Omit<Stripe.LineItem, "price"> & { price: WirePrice };

/** What a Checkout Session was created with and does not show in its own fields. */
export type SessionPlan = {
  id: string;
  lineItems: WireLineItem[];
  paymentIntentData: {
    capture_method: Stripe.PaymentIntent.CaptureMethod;
    description: string | null;
    metadata: Stripe.Metadata;
    receipt_email: string | null;
    setup_future_usage: Stripe.PaymentIntent.SetupFutureUsage | null;
    shipping: Stripe.PaymentIntent.Shipping | null;
    statement_descriptor: string | null;
    statement_descriptor_suffix: string | null;
    transfer_group: string | null;
  };
};

export type SavedAnswer = {
  key: string;
  fingerprint: string;
  status: number;
  body: string;
  requestId: string;
  /** Milliseconds. */
  savedAt: number;
};

export type DeliveryAttempt = { at: number; status: number | null; error: string | null };

/** One event on its way to the webhook endpoint. Times are real milliseconds: the moved clock does not speed up retries. */
export type Delivery = {
  id: string;
  eventId: string;
  attempts: DeliveryAttempt[];
  /** When to try next; null when delivered or given up. */
  nextAt: number | null;
};

export type WebhookMode = { duplicates: number; delayMs: number; shuffleWithinMs: number; paused: boolean };

export type Store = ReturnType<typeof openStore>;

/** Opens everything the local Stripe remembers, kept in one file of the folder. */
export function openStore(stateDir: string) {
  const journal = openJournal(join(stateDir, "stripe.ndjson"));
  const collections = {
    customers: journal.collection<Stripe.Customer | Stripe.DeletedCustomer>("customers"),
    paymentMethods: journal.collection<Stripe.PaymentMethod>("paymentMethods"),
    /** The card number behind a payment method, which decides how it behaves. */
    cardNumbers: journal.collection<string>("cardNumbers"),
    /** Methods that were set up to be charged while their holder is away. */
    setUpMethods: journal.collection<boolean>("setUpMethods"),
    /** Methods that were used without a customer, or detached: they cannot be used again. */
    spentMethods: journal.collection<boolean>("spentMethods"),
    paymentIntents: journal.collection<Stripe.PaymentIntent>("paymentIntents"),
    setupIntents: journal.collection<Stripe.SetupIntent>("setupIntents"),
    charges: journal.collection<Stripe.Charge>("charges"),
    balanceTransactions: journal.collection<Stripe.BalanceTransaction>("balanceTransactions"),
    refunds: journal.collection<Stripe.Refund>("refunds"),
    disputes: journal.collection<Stripe.Dispute>("disputes"),
    products: journal.collection<Stripe.Product>("products"),
    prices: journal.collection<WirePrice>("prices"),
    shippingRates: journal.collection<Stripe.ShippingRate>("shippingRates"),
    sessions: journal.collection<Stripe.Checkout.Session>("sessions"),
    sessionPlans: journal.collection<SessionPlan>("sessionPlans"),
    invoices: journal.collection<WireInvoice>("invoices"),
    invoiceItems: journal.collection<WireInvoiceItem>("invoiceItems"),
    invoicePayments: journal.collection<Stripe.InvoicePayment>("invoicePayments"),
    subscriptions: journal.collection<WireSubscription>("subscriptions"),
    /** The subscriptions whose end of trial was told ahead. */
    trialWarnings: journal.collection<true>("trialWarnings"),
    retryRules: journal.collection<RetryRules>("retryRules"),
    /** What a test planted: it stays as it is, whatever the clock says. */
    planted: journal.collection<true>("planted"),
    events: journal.collection<Stripe.EventBase>("events"),
    deliveries: journal.collection<Delivery>("deliveries"),
    savedAnswers: journal.collection<SavedAnswer>("savedAnswers"),
    settings: journal.collection<number | WebhookMode>("settings"),
  };
  return {
    ...collections,
    commit: journal.commit,
    discard: journal.discard,
    close: journal.close,
    /** Forgets everything, moved clock and webhook mode included. */
    reset() {
      for (const collection of Object.values(collections)) (collection as Collection<unknown>).clear();
      journal.commit();
    },
  };
}
