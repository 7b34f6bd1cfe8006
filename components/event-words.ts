import type { EventView } from "@/lib/webhooks/list-events";
import type { Tone } from "./status-light";

/** What applying an event of a type comes to, for types whose name does not say it. */
const effects: Record<string, string> = {
  "checkout.session.completed": "Noted the payment and asked for the order to be processed.",
  "checkout.session.expired": "Ended the unpaid order and put its stock back on sale.",
  "invoice.paid": "Noted the invoice as paid and the subscription as Stripe has it.",
  "invoice.payment_succeeded": "Noted the invoice as paid and the subscription as Stripe has it.",
  "invoice.payment_failed": "Noted that the invoice was not paid and the subscription is in arrears.",
  "customer.subscription.updated": "Noted the subscription as Stripe has it.",
  "customer.subscription.deleted": "Ended the subscription.",
};

/** How one of Stripe's events stands and what it did, in a few words and one lamp. */
export function eventWords(event: Pick<EventView, "type" | "status" | "isKnown">): {
  tone: Tone;
  text: string;
  effect: string;
} {
  const { type, status, isKnown } = event;
  switch (status) {
    case "received":
      return { tone: "waiting", text: "Waiting", effect: "Is to be applied." };
    case "handled":
      return { tone: "good", text: "Applied", effect: effects[type] ?? "Was applied." };
    case "ignored":
      return isKnown
        ? { tone: "off", text: "Ignored", effect: "Changed nothing: it is not ours, or was overtaken." }
        : { tone: "off", text: "Kept", effect: "The store does nothing with events of this type." };
  }
}
