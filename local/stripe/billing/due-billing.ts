import type Stripe from "stripe";
import type { Call } from "../call";
import type { Store } from "../store";
import { emitEvent } from "../webhooks/emit-event";
import { ApiError } from "../wire";
import { cancelSubscription } from "./cancel-subscription";
import { changeStatus } from "./change-subscription";
import { collectInvoice } from "./collect-invoice";
import { voidInvoice } from "./end-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import { asEventObject, type WireInvoice, type WireSubscription } from "./objects";
import { renewSubscription } from "./renew-subscription";
import { endTrial, trialWarningAt, warnOfTrialEnd } from "./trials";

/** What falls due at a time, in seconds. */
export type DueStep = { at: number; run: (call: Call) => void };

/** An incomplete subscription expires when its first invoice is not paid within 23 hours. */
const firstPaymentSeconds = 23 * 60 * 60;

/**
 * What Billing has to do next by the clock, of everything due; undefined where that is nothing. One step may make others
 * due: a clock moved by a year goes through twelve renewals in their order, each at its own time.
 */
export function nextDueStep(store: Store, now: number): DueStep | undefined {
  const made = ({ id }: { id: string }) => store.planted.get(id) === undefined;
  const steps = [
    ...store.subscriptions
      .values()
      .filter(made)
      .map((subscription) => subscriptionStep(store, subscription)),
    ...store.invoices.values().filter(made).map(invoiceStep),
  ];
  return steps
    .filter((step) => step !== undefined)
    .filter(({ at }) => at <= now)
    .reduce<DueStep | undefined>((first, step) => (first && first.at <= step.at ? first : step), undefined);
}

function subscriptionStep(store: Store, subscription: WireSubscription): DueStep | undefined {
  const { status } = subscription;
  if (status === "incomplete") {
    return { at: subscription.created + firstPaymentSeconds, run: (call) => expire(call, subscription) };
  }
  if (!["trialing", "active", "past_due", "unpaid"].includes(status)) return undefined;
  const periodEnd = subscription.items.data[0]?.current_period_end ?? Number.POSITIVE_INFINITY;
  const end = subscription.cancel_at;
  if (end !== null && end <= periodEnd) {
    const reason = "cancellation_requested";
    return { at: end, run: (call) => cancelSubscription(call, subscription, { reason }) };
  }
  if (status !== "trialing") return { at: periodEnd, run: (call) => renewSubscription(call, subscription) };
  const warning = trialWarningAt({ store }, subscription);
  if (warning !== null) return { at: warning, run: (call) => warnOfTrialEnd(call, subscription) };
  return { at: periodEnd, run: (call) => endTrial(call, subscription, "by clock") };
}

function invoiceStep(invoice: WireInvoice): DueStep | undefined {
  if (invoice.status === "draft" && invoice.automatically_finalizes_at) {
    return { at: invoice.automatically_finalizes_at, run: (call) => advance(call, invoice) };
  }
  if (invoice.status === "open" && invoice.next_payment_attempt) {
    return { at: invoice.next_payment_attempt, run: (call) => collectInvoice(call, invoice) };
  }
  return undefined;
}

function advance(call: Call, draft: WireInvoice): void {
  const open = finalizeIfPossible(call, draft);
  if (open?.status !== "open") return;
  if (open.collection_method === "send_invoice") {
    emitEvent(call, { type: "invoice.sent", object: asEventObject(open) });
  } else {
    collectInvoice(call, open);
  }
}

/** A draft that cannot be final stays one, with the reason, and is told of. */
function finalizeIfPossible(call: Call, draft: WireInvoice): WireInvoice | undefined {
  try {
    return finalizeInvoice(call, draft);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message } = error.fields;
    const stuck: WireInvoice = {
      ...draft,
      automatically_finalizes_at: null,
      last_finalization_error: {
        ...(code ? { code: code as Stripe.Invoice.LastFinalizationError.Code } : {}),
        message,
        type: "invalid_request_error",
      },
    };
    call.store.invoices.put(stuck.id, stuck);
    emitEvent(call, { type: "invoice.finalization_failed", object: asEventObject(stuck) });
    return undefined;
  }
}

function expire(call: Call, subscription: WireSubscription): void {
  const first = call.store.invoices.get(String(subscription.latest_invoice));
  if (first?.status === "open") voidInvoice(call, first);
  changeStatus(call, subscription, "incomplete_expired");
}
