import { expect, test } from "vitest";
import { mugCheckout, pay, startLocalStripe } from "./local-stripe";

test("a customer is created, changed, listed and deleted, each with its event", async () => {
  const { stripe } = await startLocalStripe();

  const ada = await stripe.customers.create({ email: "ada@example.com", name: "Ada", metadata: { shop_id: "cus_1" } });
  const renamed = await stripe.customers.update(ada.id, { name: "Ada Lovelace", metadata: { shop_id: "" } });
  const found = await stripe.customers.list({ email: "ada@example.com" });
  await stripe.customers.del(ada.id);

  expect(renamed).toMatchObject({ id: ada.id, name: "Ada Lovelace", metadata: {} });
  expect(found.data.map(({ id }) => id)).toEqual([ada.id]);
  expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ deleted: true });
  const { data } = await stripe.events.list();
  expect(data.map(({ type }) => type)).toEqual(["customer.deleted", "customer.updated", "customer.created"]);
  expect(data[1]?.data.previous_attributes).toMatchObject({ name: "Ada" });
});

test("a card is attached to a customer, listed and detached", async () => {
  const { stripe } = await startLocalStripe();
  const ada = await stripe.customers.create({ email: "ada@example.com" });

  const attached = await stripe.paymentMethods.attach("pm_card_visa", { customer: ada.id });
  const listed = await stripe.customers.listPaymentMethods(ada.id);
  const detached = await stripe.paymentMethods.detach(attached.id);

  expect(listed.data).toMatchObject([{ id: attached.id, card: { last4: "4242" }, customer: ada.id }]);
  expect(detached.customer).toBeNull();
});

test("a checkout makes a customer only when told to", async () => {
  const { stripe } = await startLocalStripe();
  const guest = await stripe.checkout.sessions.create(mugCheckout());
  const known = await stripe.checkout.sessions.create(mugCheckout({ customer_creation: "always" }));

  await pay(guest);
  await pay(known);

  expect((await stripe.checkout.sessions.retrieve(guest.id)).customer).toBeNull();
  const session = await stripe.checkout.sessions.retrieve(known.id, { expand: ["customer", "payment_intent"] });
  expect(session).toMatchObject({ customer: { email: "ada@example.com", name: "Ada Lovelace" } });
  expect(session.payment_intent).toMatchObject({ customer: (session.customer as { id: string }).id });
});
