import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";
import { invalidRequest } from "../wire";
import { finalizeInvoice } from "./finalize-invoice";
import { asEventObject, type WireInvoice } from "./objects";

/** Sends an invoice to be paid by its reader; a draft is finalised first. No mail goes out, as in test mode. */
export function sendInvoice(call: Call, invoice: WireInvoice): WireInvoice {
  if (invoice.collection_method !== "send_invoice") {
    throw invalidRequest("You can only manually send an invoice if its collection method is 'send_invoice'.");
  }
  if (invoice.status !== "draft" && invoice.status !== "open") {
    throw invalidRequest(`You cannot send an invoice that is ${invoice.status}.`);
  }
  const sent = invoice.status === "draft" ? finalizeInvoice(call, invoice) : invoice;
  emitEvent(call, { type: "invoice.sent", object: asEventObject(sent) });
  return sent;
}
