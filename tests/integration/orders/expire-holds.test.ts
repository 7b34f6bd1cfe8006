import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { getCart } from "@/lib/cart/get-cart";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { expireHolds } from "@/lib/orders/expire-holds";
import { expireOrder } from "@/lib/orders/expire-order";
import { placeOrder } from "@/lib/orders/place-order";
import { processOrder } from "@/lib/orders/process-order";
import { startPayment } from "@/lib/orders/start-payment";
import { expectBalancedBooks } from "@/tests/integration/inventory/balanced-books";
import { startWorld, type World } from "@/tests/support/world";
import {
  ada,
  asked,
  atStripe,
  authorizedOrder,
  crashOnceAt,
  fillCart,
  hearFromStripe,
  inMinutes,
  order,
  pay,
  readOrder,
  readStock,
  shelve,
  stripeDashboard,
  stripeFault,
  typeCard,
} from "./shop";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterEach(async () => {
  setCrashTrap(undefined);
  await expectBalancedBooks();
});

afterAll(() => world.close());

test("an order that nobody paid ends after forty minutes and not before; Stripe's page is closed", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  const start = await startPayment({ ...placed, now: new Date() });

  expect(await expireHolds({ now: inMinutes(39) })).toEqual({ expired: 0, paid: 0, failed: 0 });
  expect(await expireHolds({ now: inMinutes(41) })).toEqual({ expired: 1, paid: 0, failed: 0 });

  const stored = await readOrder(placed.orderId);
  expect(stored).toMatchObject({ status: "expired", paymentStatus: "unpaid", payments: [{ state: "failed" }] });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
  const session = await stripeDashboard().checkout.sessions.retrieve(stored.payments[0]?.sessionId ?? "");
  expect(session.status).toBe("expired");
  expect(await typeCard(start.kind === "pay" ? start.url : "")).toBe(410);
});

test("an order whose page Stripe does not know waits for a day, then ends and gives its stock back", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await startPayment({ ...placed, now: new Date() });
  await db().payment.updateMany({ where: { orderId: placed.orderId }, data: { sessionId: "cs_test_deleted" } });

  expect(await expireHolds({ now: inMinutes(23 * 60) })).toEqual({ expired: 0, paid: 0, failed: 0 });
  expect(await expireHolds({ now: inMinutes(25 * 60) })).toEqual({ expired: 1, paid: 0, failed: 0 });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "expired", paymentStatus: "unpaid" });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("an authorised order is left alone however long it takes", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await authorizedOrder([mug]);

  expect(await expireHolds({ now: inMinutes(600) })).toEqual({ expired: 0, paid: 0, failed: 0 });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "authorized" });
  expect((await processOrder({ ...placed, now: inMinutes(601) })).success).toBe(true);
});

test("a shopper who paid in the last second, unheard of, is not expired but processed", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  await pay(placed);

  expect(await expireHolds({ now: inMinutes(41) })).toEqual({ expired: 0, paid: 1, failed: 0 });

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", paymentStatus: "authorized" });
  expect(await asked(placed.orderId)).toEqual(["process"]);
  await hearFromStripe(placed.orderId);
  expect(await asked(placed.orderId)).toEqual(["process"]);
});

test("ten sweeps beside a shopper who is paying end in a sale or in an end, never in both", async () => {
  for (let round = 0; round < 3; round++) {
    const mug = await shelve("Mug", 1);
    const placed = await order([mug]);
    const start = await startPayment({ ...placed, now: new Date() });
    const url = start.kind === "pay" ? start.url : "";

    const [status] = await Promise.all([
      typeCard(url),
      ...Array.from({ length: 10 }, () => expireOrder({ orderId: placed.orderId, now: inMinutes(41) })),
    ]);
    if (status === 303) await hearFromStripe(placed.orderId);

    const stored = await readOrder(placed.orderId);
    expect(stored).toMatchObject(
      status === 303
        ? { status: "pending", paymentStatus: "authorized" }
        : { status: "expired", paymentStatus: "unpaid" },
    );
    expect(await readStock(mug)).toEqual({ onHand: 1, reserved: status === 303 ? 1 : 0 });
  }
}, 60_000);

test("a sweep that dies after closing Stripe's page is finished by the next one", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await startPayment({ ...placed, now: new Date() });
  crashOnceAt("expire-order.page-closed");

  expect(await expireHolds({ now: inMinutes(41) })).toMatchObject({ expired: 0, failed: 1 });
  expect(await expireHolds({ now: inMinutes(41) })).toMatchObject({ expired: 1, failed: 0 });

  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("a page that is begun while its order is being ended keeps the order open", async () => {
  const placed = await order([await shelve("Mug", 1)]);
  setCrashTrap(async () => {
    setCrashTrap(undefined);
    await startPayment({ ...placed, now: new Date() });
  });

  expect(await expireOrder({ orderId: placed.orderId, now: inMinutes(41) })).toBe("unchanged");

  expect(await readOrder(placed.orderId)).toMatchObject({ status: "pending", payments: [{ state: "created" }] });
  expect(await expireOrder({ orderId: placed.orderId, now: inMinutes(41) })).toBe("expired");
});

test("an order that cannot be ended now does not hold up the others", async () => {
  const [first, second] = [await order([await shelve("Mug", 1)]), await order([await shelve("Vice", 1)])];
  await startPayment({ ...first, now: new Date() });
  await startPayment({ ...second, now: new Date() });
  await stripeFault({ method: "POST", path: "/v1/checkout/sessions/*/expire", kind: "error_before", times: 3 });

  expect(await expireHolds({ now: inMinutes(41) })).toEqual({ expired: 1, paid: 0, failed: 1 });

  expect(await expireHolds({ now: inMinutes(41) })).toEqual({ expired: 1, paid: 0, failed: 0 });
});

test("Stripe's message that its page ran out ends the order, once", async () => {
  const mug = await shelve("Mug", 1);
  const placed = await order([mug]);
  await startPayment({ ...placed, now: new Date() });
  const [payment] = (await readOrder(placed.orderId)).payments;
  await stripeDashboard().checkout.sessions.expire(payment?.sessionId ?? "");

  await hearFromStripe(placed.orderId, "checkout.session.expired");
  await hearFromStripe(placed.orderId, "checkout.session.expired");

  const stored = await readOrder(placed.orderId);
  expect(stored.status).toBe("expired");
  expect(stored.events.filter(({ kind }) => kind === "expire")).toHaveLength(1);
  expect(await atStripe(placed.orderId)).toEqual({ statuses: [], captures: 0 });
  expect(await readStock(mug)).toEqual({ onHand: 1, reserved: 0 });
});

test("what was in an order that ran out of time is in the cart again, and can be ordered anew", async () => {
  const cartId = await fillCart([await shelve("Mug", 1)]);
  const first = await placeOrder({ cartId, input: ada, now: inMinutes(-41) });

  await expireHolds({ now: new Date() });

  expect(await getCart(cartId)).toMatchObject({ itemCount: 1, orderable: true });
  const second = await placeOrder({ cartId, input: ada, now: new Date() });
  expect(second.orderId).not.toBe(first.orderId);
});
