import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { chooseDefaultCard } from "@/lib/cards/choose-default-card";
import { ensureStripeCustomer } from "@/lib/cards/ensure-stripe-customer";
import { CardNotFoundError } from "@/lib/cards/errors";
import { finishRemoval } from "@/lib/cards/finish-removal";
import { removeCard } from "@/lib/cards/remove-card";
import { resumeRemovals } from "@/lib/cards/resume-removals";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { newId, type SavedCardId } from "@/lib/ids";
import { placeOrder } from "@/lib/orders/place-order";
import {
  ada,
  allRunsAreOver,
  crashOnceAt,
  fillCart,
  hearFromStripe,
  inMinutes,
  markSent,
  pay,
  shelve,
  stripeDashboard,
  stripeFault,
} from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { attach, cardsOf, orderKeepingCard, orderWithCard, register } from "./cardholder";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

const rowOf = (id: SavedCardId) => db().savedCard.findUniqueOrThrow({ where: { id } });
const isAtStripe = async (id: SavedCardId) =>
  (await stripeDashboard().paymentMethods.retrieve((await rowOf(id)).paymentMethodId)).customer !== null;

test("a card is kept where the shopper asked for it: what is shown of it and no more", async () => {
  const customer = await register("keeps@example.com");

  const { orderId } = await orderKeepingCard(customer, await shelve("Mug", 5));
  await hearFromStripe(orderId);

  expect(await cardsOf(customer)).toMatchObject([
    { name: "Visa ending 4242", expiry: "12/34", isDefault: true, isExpired: false },
  ]);
  const { stripeCustomerId } = await db().stripeCustomer.findUniqueOrThrow({ where: { userId: customer.userId } });
  expect(await db().savedCard.findMany({ where: { userId: customer.userId } })).toEqual([
    {
      id: expect.stringMatching(/^card_/),
      userId: customer.userId,
      state: "kept",
      stripeCustomerId,
      paymentMethodId: expect.stringMatching(/^pm_/),
      brand: "visa",
      last4: "4242",
      expMonth: 12,
      expYear: 2034,
      isDefault: true,
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    },
  ]);
});

test("no card is kept of a guest, nor of a shopper who did not ask for it", async () => {
  const customer = await register("does-not@example.com");
  const mug = await shelve("Mug", 5);
  for (const [who, keepCard] of [
    [undefined, true],
    [customer, false],
  ] as const) {
    const placed = await placeOrder({
      cartId: await fillCart([mug]),
      customer: who,
      input: { ...ada, keepCard },
      now: new Date(),
    });
    await pay(placed);
    await hearFromStripe(placed.orderId);
  }

  expect(await cardsOf(customer)).toEqual([]);
  expect((await stripeDashboard().customers.list({ email: customer.email })).data).toEqual([]);
});

test("a card that is given again takes the place of the one that looks the same, and stays the default", async () => {
  const customer = await register("again@example.com");
  const mug = await shelve("Mug", 5);
  await orderKeepingCard(customer, mug);
  const [first] = await cardsOf(customer);
  await orderKeepingCard(customer, mug, "5555555555554444");

  await orderKeepingCard(customer, mug);

  const kept = await cardsOf(customer);
  expect(kept.map(({ name }) => name).sort()).toEqual(["Mastercard ending 4444", "Visa ending 4242"]);
  expect(kept.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  expect(kept.map(({ id }) => id)).not.toContain(first?.id);
  expect((await rowOf(first?.id as SavedCardId)).state).toBe("removing");
});

test("a removed card is offered no more at once, and forgotten at Stripe; the other one is the default then", async () => {
  const customer = await register("removes@example.com");
  const visa = await attach(customer, "pm_card_visa");
  const amex = await attach(customer, "pm_card_amex");
  expect(await cardsOf(customer)).toMatchObject([{ id: visa, isDefault: true }, { id: amex }]);

  await removeCard({ actor: customer, cardId: visa });
  expect(await cardsOf(customer)).toMatchObject([{ id: amex, isDefault: true }]);
  await expect(orderWithCard(customer, visa, [await shelve("Mug", 1)])).rejects.toThrow(CardNotFoundError);
  expect(await isAtStripe(visa)).toBe(true);
  await finishRemoval({ cardId: visa });
  await finishRemoval({ cardId: visa });

  expect((await rowOf(visa)).state).toBe("removed");
  expect(await isAtStripe(visa)).toBe(false);
  await expect(removeCard({ actor: customer, cardId: visa })).rejects.toThrow(CardNotFoundError);
  expect(
    await db().outboxMessage.findMany({ where: { name: "saved-card.remove", key: { contains: visa } } }),
  ).toHaveLength(1);
});

test.each([
  ["a lost connection", "drop_after"],
  ["a 500 that Stripe repeats", "error_after"],
])("%s while Stripe forgets a card is looked up", async (_, kind) => {
  const customer = await register(`${kind}@example.com`);
  const card = await attach(customer, "pm_card_visa");
  await removeCard({ actor: customer, cardId: card });
  await stripeFault({ method: "POST", path: "/v1/payment_methods/*/detach", kind, times: 3 });

  await finishRemoval({ cardId: card }).catch((error: unknown) => expect(error).toBeInstanceOf(TemporaryError));
  await stripeDashboard().paymentMethods.list({ customer: (await rowOf(card)).stripeCustomerId });
  await fetch(`${world.stripe.url}/_local/faults`, { method: "DELETE" });
  await finishRemoval({ cardId: card });

  expect((await rowOf(card)).state).toBe("removed");
  expect(await isAtStripe(card)).toBe(false);
});

test("a removal that dies half-way, and whose run gave up, is asked for again and ends", async () => {
  const customer = await register("half-way@example.com");
  const card = await attach(customer, "pm_card_visa");
  await removeCard({ actor: customer, cardId: card });
  crashOnceAt("remove-card.detached");
  await expect(finishRemoval({ cardId: card })).rejects.toThrow("crashed");

  await markSent();
  const sweep = (now: Date) => resumeRemovals({ isRunOver: allRunsAreOver, now });
  expect(await sweep(new Date())).toBe(0);
  expect(await sweep(inMinutes(11))).toBeGreaterThan(0);
  expect(await sweep(inMinutes(11))).toBe(0);
  await finishRemoval({ cardId: card });

  expect((await rowOf(card)).state).toBe("removed");
});

test("somebody else's card cannot be paid with, chosen or removed", async () => {
  const [customer, other] = [await register("owner@example.com"), await register("other@example.com")];
  const card = await attach(customer, "pm_card_visa");
  const mug = await shelve("Mug", 1);

  await expect(removeCard({ actor: other, cardId: card })).rejects.toThrow(CardNotFoundError);
  await expect(chooseDefaultCard({ actor: other, cardId: card })).rejects.toThrow(CardNotFoundError);
  await expect(removeCard({ actor: { kind: "shopper" }, cardId: card })).rejects.toMatchObject({
    code: "sign-in-needed",
  });
  await expect(orderWithCard(other, card, [mug])).rejects.toThrow(CardNotFoundError);
  await expect(
    placeOrder({ cartId: await fillCart([mug]), input: { ...ada, savedCardId: card }, now: new Date() }),
  ).rejects.toThrow(CardNotFoundError);

  expect(await cardsOf(customer)).toMatchObject([{ id: card, isDefault: true }]);
});

test("ten times at once one card is chosen, and exactly one is the default", async () => {
  const customer = await register("chooses@example.com");
  const cards = [await attach(customer, "pm_card_visa"), await attach(customer, "pm_card_amex")] as const;

  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      chooseDefaultCard({ actor: customer, cardId: index % 2 === 0 ? cards[0] : cards[1] }),
    ),
  );

  expect((await cardsOf(customer)).filter(({ isDefault }) => isDefault)).toHaveLength(1);
  await expect(chooseDefaultCard({ actor: customer, cardId: newId("savedCard") })).rejects.toThrow(CardNotFoundError);
  expect((await cardsOf(customer)).filter(({ isDefault }) => isDefault)).toHaveLength(1);
});

test("a shopper is one customer at Stripe: asked five times at once, after a crash, and after a 500", async () => {
  const customer = await register("customer@example.com");
  crashOnceAt("stripe-customer.made");
  await expect(ensureStripeCustomer(customer.userId)).rejects.toThrow("crashed");

  const ids = await Promise.all([1, 2, 3, 4, 5].map(() => ensureStripeCustomer(customer.userId)));
  const other = await register("customer-500@example.com");
  await stripeFault({ method: "POST", path: "/v1/customers", kind: "error_after", times: 3 });
  await expect(ensureStripeCustomer(other.userId)).rejects.toThrow(TemporaryError);
  await ensureStripeCustomer(other.userId);

  expect(new Set(ids).size).toBe(1);
  for (const { email } of [customer, other])
    expect((await stripeDashboard().customers.list({ email })).data).toHaveLength(1);
});

test("a customer that somebody deleted at Stripe is replaced", async () => {
  const customer = await register("deleted@example.com");
  const gone = await ensureStripeCustomer(customer.userId);
  await stripeDashboard().customers.del(gone);

  await orderKeepingCard(customer, await shelve("Mug", 1));

  expect(await ensureStripeCustomer(customer.userId)).not.toBe(gone);
  expect(await cardsOf(customer)).toMatchObject([{ name: "Visa ending 4242" }]);
});
