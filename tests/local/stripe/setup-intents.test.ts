import { expect, test } from "vitest";
import { startLocalStripe } from "./local-stripe";

const answerBank = (url: string | null | undefined, answer: "complete" | "fail") =>
  fetch(url ?? "", { method: "POST", body: new URLSearchParams({ answer }), redirect: "manual" });

test("a card is kept without a charge, and charged later while nobody is there", async () => {
  const { stripe } = await startLocalStripe();
  const { id: customer } = await stripe.customers.create({});
  const intent = await stripe.setupIntents.create({
    customer,
    payment_method: "pm_card_authenticationRequiredOnSetup",
    confirm: true,
    return_url: "http://127.0.0.1:3000/cards",
  });
  expect([intent.status, intent.usage]).toEqual(["requires_action", "off_session"]);

  const back = await answerBank(intent.next_action?.redirect_to_url?.url, "complete");

  expect(back.headers.get("location")).toContain(`setup_intent=${intent.id}`);
  expect(await stripe.setupIntents.retrieve(intent.id)).toMatchObject({ status: "succeeded", next_action: null });
  expect((await stripe.charges.list()).data).toEqual([]);
  const [method] = (await stripe.paymentMethods.list({ customer })).data;
  const payment = await stripe.paymentIntents.create({
    amount: 1000,
    currency: "eur",
    customer,
    payment_method: method?.id ?? "",
    confirm: true,
    off_session: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  expect(payment.status).toBe("succeeded");
});

test("a card that the bank refuses, or whose holder does, is not kept", async () => {
  const { stripe } = await startLocalStripe();
  const { id: customer } = await stripe.customers.create({});
  const create = (payment_method: string) => stripe.setupIntents.create({ customer, payment_method, confirm: true });

  await expect(create("pm_card_chargeDeclined")).rejects.toMatchObject({
    type: "StripeCardError",
    code: "card_declined",
    setup_intent: { status: "requires_payment_method", last_setup_error: { code: "card_declined" } },
  });
  const asked = await create("pm_card_authenticationRequired");
  await answerBank(asked.next_action?.redirect_to_url?.url, "fail");

  expect(await stripe.setupIntents.retrieve(asked.id)).toMatchObject({
    status: "requires_payment_method",
    last_setup_error: { code: "setup_intent_authentication_failure" },
  });
  expect((await stripe.paymentMethods.list({ customer })).data).toEqual([]);
  expect((await create("pm_card_chargeCustomerFail")).status).toBe("succeeded");
});

test("one that is over is neither confirmed nor cancelled", async () => {
  const { stripe } = await startLocalStripe();
  const { id } = await stripe.setupIntents.create({ payment_method_types: ["card"] } as object);

  await expect(stripe.setupIntents.confirm(id)).rejects.toThrow(/missing a payment method/);
  await stripe.setupIntents.cancel(id);

  await expect(stripe.setupIntents.cancel(id)).rejects.toMatchObject({ code: "setup_intent_unexpected_state" });
  await expect(stripe.setupIntents.confirm(id, { payment_method: "pm_card_visa" })).rejects.toThrow(
    /status of canceled/,
  );
});
