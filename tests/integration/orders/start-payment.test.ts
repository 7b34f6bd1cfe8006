import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { OrderId } from "@/lib/ids";
import { OrderNotFoundError, PaymentUnavailableError } from "@/lib/orders/errors";
import { expireOrder } from "@/lib/orders/expire-order";
import { placeOrder } from "@/lib/orders/place-order";
import { PlaceOrderInput } from "@/lib/orders/schema";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import {
  ada,
  crashOnceAt,
  fillCart,
  inMinutes,
  minutes,
  order,
  pay,
  readOrder,
  readStock,
  shelve,
  stripeDashboard,
  stripeFault,
} from "./shop";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterEach(expectBalancedBooks);

afterAll(() => world.close());

const creating = { method: "POST", path: "/v1/checkout/sessions" };

test("Stripe's page shows our lines, prices and shipping, takes cards, waits with the charge and closes after 31 minutes", async () => {
  const mug = await shelve("Mug", 5, 1250);
  const placed = await order([mug], { quantity: 2 });

  const start = await startPayment({ ...placed, now: new Date() });

  const { payments, number } = await readOrder(placed.orderId);
  const payment = payments[0];
  const session = await stripeDashboard().checkout.sessions.retrieve(payment?.sessionId ?? "");
  expect(start).toEqual({ kind: "pay", url: session.url });
  expect(session).toMatchObject({
    mode: "payment",
    allowed_payment_method_types: ["card"],
    amount_total: 2990,
    currency: "eur",
    client_reference_id: placed.orderId,
    customer_email: "ada@example.com",
    metadata: { orderId: placed.orderId, paymentId: payment?.id },
    success_url: `http://localhost:3000/orders/${placed.orderId}?token=${placed.accessToken}&paid=1`,
    cancel_url: `http://localhost:3000/orders/${placed.orderId}?token=${placed.accessToken}`,
    expires_at: Math.floor(((payment?.createdAt.getTime() ?? 0) + minutes(31)) / 1000),
  });
  const lines = await stripeDashboard().checkout.sessions.listLineItems(session.id);
  expect(lines.data.map(({ description, quantity, amount_total }) => [description, quantity, amount_total])).toEqual([
    ["Mug", 2, 2500],
    ["Shipping", 1, 490],
  ]);
  expect(number).toBeGreaterThan(0);
});

test("a page that Stripe refuses to make leaves the shopper with the order, not with an error of ours", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await db().orderLine.updateMany({ where: { orderId: placed.orderId }, data: { title: "" } });

  const starting = startPayment({ ...placed, now: new Date() });

  await expect(starting).rejects.toThrow(PaymentUnavailableError);
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", payments: [{ state: "created" }] });
});

test("pressed five times at once there is one page", async () => {
  const placed = await order([await shelve("Mug", 1)]);

  const starts = await Promise.all([1, 2, 3, 4, 5].map(() => startPayment({ ...placed, now: new Date() })));

  expect(new Set(starts.map((start) => start.kind === "pay" && start.url)).size).toBe(1);
  const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  expect(data.filter(({ client_reference_id }) => client_reference_id === placed.orderId)).toHaveLength(1);
});

test("a stranger who guesses the order's id gets no page", async () => {
  const placed = await order([await shelve("Mug", 1)]);

  await expect(startPayment({ ...placed, accessToken: "guess", now: new Date() })).rejects.toThrow(OrderNotFoundError);
});

test("a declined card can be followed by another on the same page", async () => {
  const placed = await order([await shelve("Mug", 1)]);

  expect(await pay(placed, "4000000000000002")).toBe(402);
  expect(await pay(placed)).toBe(303);
});

test("when Stripe fails the order is kept and the next try makes a page under a key of its own", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await stripeFault({ ...creating, kind: "error_after" });

  await expect(startPayment({ ...placed, now: new Date() })).rejects.toThrow(PaymentUnavailableError);
  const start = await startPayment({ ...placed, now: new Date() });

  expect(start.kind).toBe("pay");
  const { payments, reservations } = await readOrder(placed.orderId);
  expect(payments.map(({ state, sessionId }) => [state, sessionId !== null])).toEqual([
    ["failed", false],
    ["created", true],
  ]);
  expect(reservations).toHaveLength(1);
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 1 });
});

test("a shopper who comes back to pay after a few minutes gets a page that lives long enough for Stripe", async () => {
  const placed = await order([await shelve("Mug", 1)], { now: inMinutes(-10) });

  const start = await startPayment({ ...placed, now: new Date() });

  expect(start.kind).toBe("pay");
  const { payments, reservations } = await readOrder(placed.orderId);
  const live = payments.find(({ state }) => state === "created");
  expect(reservations[0]?.expiresAt?.getTime()).toBe((live?.createdAt.getTime() ?? 0) + minutes(40));
});

test("after the time to pay the order ends instead of leading to a closed page", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await startPayment({ ...placed, now: new Date() });

  const start = await startPayment({ ...placed, now: inMinutes(32) });

  expect(start).toEqual({ kind: "closed" });
  expect(await readOrder(placed.orderId)).toMatchObject({ status: "expired", paymentStatus: "unpaid" });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("a start that dies before the page is written down is followed by one that finds the same page", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  crashOnceAt("start-payment.page-made");

  await expect(startPayment({ ...placed, now: new Date() })).rejects.toThrow("crashed");
  await startPayment({ ...placed, now: new Date() });

  const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  expect(data.filter(({ client_reference_id }) => client_reference_id === placed.orderId)).toHaveLength(1);
});

test("a page that was made while the order ended is closed before anybody could pay on it", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  setCrashTrap(async () => {
    setCrashTrap(undefined);
    await expireOrder({ orderId: placed.orderId, now: inMinutes(41) });
  });

  const start = await startPayment({ ...placed, now: new Date() });

  expect(start).toEqual({ kind: "closed" });
  const { data } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  const mine = data.filter(({ client_reference_id }) => client_reference_id === placed.orderId);
  expect(mine.map(({ status }) => status)).toEqual(["expired"]);
});

test("the same form sent a hundred times at once is one order, one hold and one payment page", async () => {
  const mug = await shelve("Mug", 5);
  const cartId = await fillCart([mug]);
  const form = { email: ada.email, ...ada.shipTo };
  const submit = async () => {
    const placed = await placeOrder({ cartId, input: PlaceOrderInput.parse(form), now: new Date() });
    // While Stripe makes the page for another press, it may ask for patience: then the shopper presses again.
    const start = await startPayment({ ...placed, now: new Date() }).catch((error: unknown) => {
      if (!(error instanceof PaymentUnavailableError)) throw error;
      return startPayment({ ...placed, now: new Date() });
    });
    return { orderId: placed.orderId, ...start };
  };

  const answers = await Promise.all(Array.from({ length: 100 }, submit));

  const [first] = answers;
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify(first)]));
  const { payments, events } = await readOrder(first?.orderId as OrderId);
  expect([payments.length, events.length]).toEqual([1, 1]);
  expect(await readStock(mug)).toEqual({ onHand: 5, reserved: 1 });
  const { data: pages } = await stripeDashboard().checkout.sessions.list({ limit: 100 });
  expect(pages.filter(({ client_reference_id }) => client_reference_id === first?.orderId)).toHaveLength(1);
}, 60_000);
