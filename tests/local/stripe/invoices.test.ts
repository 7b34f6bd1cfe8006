import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refill } from "./billing";
import { startLocalStripe } from "./local-stripe";

/** A draft over 20.00 EUR to Ada, made of what waits for her next invoice. */
async function draft(stripe: Stripe, changes: Partial<Stripe.InvoiceCreateParams> = {}) {
  const { customer } = await refill(stripe);
  await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: "eur", description: "Sharpening" });
  return stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: "include", ...changes });
}

test("what waits for an invoice goes on the next one that asks for it, and on no other", async () => {
  const { stripe } = await startLocalStripe();
  const { customer } = await refill(stripe);
  await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: "eur" });

  const empty = await stripe.invoices.create({ customer: customer.id, currency: "eur" });
  const full = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: "include" });
  const none = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: "include" });

  expect([empty, full, none].map(({ total }) => total)).toEqual([0, 2000, 0]);
  expect((await stripe.invoices.listLineItems(full.id)).data).toMatchObject([{ amount: 2000, invoice: full.id }]);
  expect((await stripe.invoiceItems.list({ invoice: full.id })).data).toHaveLength(1);
});

test("an invoice is paid once, and its payment leads back to it", async () => {
  const { stripe } = await startLocalStripe();
  const { id } = await draft(stripe);

  const paid = await stripe.invoices.pay(id, { expand: ["payments.data.payment.payment_intent"] });

  const intent = paid.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
  expect(paid).toMatchObject({ status: "paid", amount_paid: 2000, amount_remaining: 0, attempt_count: 1 });
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 2000 });
  const found = await stripe.invoicePayments.list({ payment: { type: "payment_intent", payment_intent: intent.id } });
  expect(found.data.map(({ invoice }) => invoice)).toEqual([id]);
  await expect(stripe.invoices.pay(id)).rejects.toThrow(/already paid/);
  await expect(stripe.invoices.voidInvoice(id)).rejects.toThrow(/isn't open/);
});

test("a declined card leaves the invoice open, with the error and the charge that failed", async () => {
  const { stripe } = await startLocalStripe();
  const { id, customer } = await draft(stripe);
  const method = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: String(customer) });

  const paying = stripe.invoices.pay(id, { payment_method: method.id });

  await expect(paying).rejects.toMatchObject({ type: "StripeCardError", statusCode: 402, code: "card_declined" });
  expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: "open", attempted: true, attempt_count: 1 });
  expect((await stripe.charges.list()).data).toMatchObject([{ status: "failed", amount: 2000 }]);
});

test("an invoice paid elsewhere takes no money here", async () => {
  const { stripe } = await startLocalStripe();
  const { id } = await draft(stripe);

  const paid = await stripe.invoices.pay(id, { paid_out_of_band: true, expand: ["payments"] });

  expect(paid).toMatchObject({ status: "paid", payments: { data: [{ status: "canceled" }] } });
  expect((await stripe.charges.list()).data).toEqual([]);
});

test("a final invoice is voided or written off, and what was written off can still be paid", async () => {
  const { stripe } = await startLocalStripe();
  const [one, two] = [await draft(stripe), await draft(stripe)];
  for (const { id } of [one, two]) await stripe.invoices.finalizeInvoice(id);

  const voided = await stripe.invoices.voidInvoice(one.id);
  await stripe.invoices.markUncollectible(two.id);
  const late = await stripe.invoices.pay(two.id);

  expect([voided.status, late.status]).toEqual(["void", "paid"]);
  await expect(stripe.invoices.pay(one.id)).rejects.toThrow(/voided/);
});

test("what is final is not edited, and only a draft is deleted", async () => {
  const { stripe } = await startLocalStripe();
  const { id, customer } = await draft(stripe);
  await stripe.invoices.update(id, { description: "May" });
  await stripe.invoices.finalizeInvoice(id);

  const editing = stripe.invoices.update(id, { description: "June" });

  await expect(editing).rejects.toMatchObject({ code: "invoice_not_editable", param: "description" });
  expect(await stripe.invoices.update(id, { metadata: { seen: "yes" } })).toMatchObject({ metadata: { seen: "yes" } });
  await expect(stripe.invoices.finalizeInvoice(id)).rejects.toMatchObject({ code: "invoice_not_editable" });
  await expect(stripe.invoices.del(id)).rejects.toThrow(/only delete draft/);
  const spare = await stripe.invoices.create({ customer: String(customer) });
  expect(await stripe.invoices.del(spare.id)).toEqual(expect.objectContaining({ deleted: true }));
  await expect(stripe.invoices.retrieve(spare.id)).rejects.toMatchObject({ code: "resource_missing" });
});

test("a draft that advances by itself is final and paid an hour later", async () => {
  const { stripe, control } = await startLocalStripe();
  const { id, automatically_finalizes_at: at, created } = await draft(stripe, { auto_advance: true });
  expect(at).toBe(created + 3600);

  await control("/clock", { advanceMs: 3_601_000 });

  expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: "paid", automatically_finalizes_at: null });
});

test("an invoice that is sent has a day to be paid by", async () => {
  const { stripe } = await startLocalStripe();

  const sent = await draft(stripe, { collection_method: "send_invoice", days_until_due: 7 });

  expect(sent.due_date).toBe(sent.created + 7 * 86_400);
  expect(await stripe.invoices.sendInvoice(sent.id)).toMatchObject({ status: "open" });
  await expect(draft(stripe, { collection_method: "send_invoice" })).rejects.toThrow(/days_until_due/);
});

test("the payment of an invoice ends with the invoice, not by itself", async () => {
  const { stripe } = await startLocalStripe();
  const { id } = await draft(stripe);
  const { payments } = await stripe.invoices.finalizeInvoice(id, { expand: ["payments"] });
  const intent = String(payments?.data[0]?.payment.payment_intent);

  await expect(stripe.paymentIntents.cancel(intent)).rejects.toThrow(/Void the invoice instead/);
  await stripe.invoices.voidInvoice(id);

  expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({ status: "canceled" });
});

test("an amount that no card can be charged is not made final, by hand or by the clock", async () => {
  const { stripe, control } = await startLocalStripe();
  const { customer } = await refill(stripe);
  await stripe.invoiceItems.create({ customer: customer.id, amount: 10, currency: "eur" });
  const { id } = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: "include" });

  await expect(stripe.invoices.finalizeInvoice(id)).rejects.toMatchObject({ code: "amount_too_small" });
  expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: "draft", number: null });
  await stripe.invoices.update(id, { auto_advance: true });
  await control("/clock", { advanceMs: 3_601_000 });
  expect(await stripe.invoices.retrieve(id)).toMatchObject({
    status: "draft",
    last_finalization_error: { code: "amount_too_small" },
  });
});
