import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";
import { previousOf } from "../webhooks/previous-of";
import { invalidRequest } from "../wire";
import { asEventObject, type WireInvoice } from "./objects";

export type AskedChanges = Partial<
  Pick<
    WireInvoice,
    | "auto_advance"
    | "collection_method"
    | "default_payment_method"
    | "description"
    | "due_date"
    | "footer"
    | "metadata"
    | "statement_descriptor"
  >
> & { days_until_due?: number };

/** What can still be changed once an invoice is final. */
const lasting = ["auto_advance", "default_payment_method", "metadata"];

/** @throws ApiError `invoice_not_editable` for what only a draft can change */
export function updateInvoice(call: Call, invoice: WireInvoice, asked: AskedChanges): WireInvoice {
  const fixed = Object.keys(asked).find((name) => !lasting.includes(name));
  if (invoice.status !== "draft" && fixed !== undefined) {
    throw invalidRequest("Finalized invoices can't be updated in this way", {
      code: "invoice_not_editable",
      param: fixed,
    });
  }
  const { days_until_due: _, ...fields } = asked;
  const updated: WireInvoice = { ...invoice, ...fields, ...collectionOf(call, asked, invoice) };
  if (updated.status === "draft" && asked.auto_advance !== undefined) {
    updated.automatically_finalizes_at = asked.auto_advance ? call.now + 60 * 60 : null;
  }
  if (!updated.auto_advance) updated.next_payment_attempt = null;
  const previous = previousOf(invoice, updated);
  if (!previous) return invoice;
  call.store.invoices.put(updated.id, updated);
  emitEvent(call, { type: "invoice.updated", object: asEventObject(updated), previous: previous as object });
  return updated;
}

/** How and until when an invoice is to be paid: only one that is sent has a day for it. */
export function collectionOf(
  call: Call,
  { collection_method: asked, days_until_due: days, due_date: date }: AskedChanges,
  before: Pick<WireInvoice, "collection_method" | "due_date">,
): Pick<WireInvoice, "collection_method" | "due_date"> {
  const method = asked ?? before.collection_method;
  const due = date ?? (days === undefined ? before.due_date : call.now + days * 24 * 60 * 60);
  if (method === "send_invoice" && due === null) {
    throw invalidRequest(
      "If invoice collection method is 'send_invoice', you must specify 'days_until_due' or 'due_date'.",
      { param: "days_until_due" },
    );
  }
  if (method === "charge_automatically" && (date !== undefined || days !== undefined)) {
    throw invalidRequest(
      "You can only specify 'days_until_due' or 'due_date' if invoice collection method is 'send_invoice'.",
      {
        param: days === undefined ? "due_date" : "days_until_due",
      },
    );
  }
  return { collection_method: method, due_date: method === "send_invoice" ? due : null };
}
