import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { OrderReviewState, OrderStatus, PaymentStatus, Prisma, ShippingLabelState } from "@/lib/db/generated/client";
import { newId } from "@/lib/ids";
import { batchTriggerOrders } from "@/lib/orders/batch-trigger-orders";
import { getOrderForStaff } from "@/lib/orders/get-order-for-staff";
import { orderWork } from "@/lib/orders/order-work";
import { waitingOrders } from "@/lib/orders/waiting-orders";
import { attach, orderWithCard, register } from "@/tests/integration/cards/cardholder";
import { startWorld, type World } from "@/tests/support/world";
import { ada, asked, grace, shelve } from "./shop";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true });
});

afterAll(() => world.close());

const now = new Date();

const payments = [
  [],
  [{ kind: "page", state: "created" }],
  [{ kind: "saved_card", state: "created" }],
  [
    { kind: "saved_card", state: "failed" },
    { kind: "page", state: "created" },
  ],
] satisfies Pick<Prisma.PaymentCreateManyInput, "kind" | "state">[][];

const parcels: { label?: ShippingLabelState; review?: OrderReviewState }[] = [
  {},
  ...Object.values(ShippingLabelState).map((label) => ({ label })),
  ...Object.values(OrderReviewState).map((review) => ({ review })),
];

/** Orders of every status, paid in every way, with a label, with a decision, and with neither. */
function everyKind() {
  return Object.values(OrderStatus).flatMap((status) =>
    Object.values(PaymentStatus)
      // What is confirmed was charged.
      .filter((paymentStatus) => status !== "confirmed" || paymentStatus === "paid")
      .flatMap((paymentStatus) =>
        payments.flatMap((begun) =>
          parcels.map(({ label, review }) => ({ id: newId("order"), status, paymentStatus, begun, label, review })),
        ),
      ),
  );
}

test("what staff can have processed again is what the sweeps work on, for orders of every kind", async () => {
  const kinds = everyKind();
  const money = { currency: "EUR", subtotalAmount: 1999, shippingAmount: 0, totalAmount: 1999 };
  await db().order.createMany({
    data: kinds.map(({ id, status, paymentStatus }) => ({
      ...{ ...ada, ...money, id, status, paymentStatus, accessToken: id, placedAt: now, confirmedAt: now },
    })),
  });
  await db().payment.createMany({
    data: kinds.flatMap(({ id, begun }) =>
      begun.map((payment) => ({ id: newId("payment"), orderId: id, amount: 1999, currency: "EUR", ...payment })),
    ),
  });
  await db().shippingLabel.createMany({
    data: kinds.flatMap(({ id, label: state }) =>
      state ? [{ id: newId("shipment"), orderId: id, state, weightGrams: 0 }] : [],
    ),
  });
  await db().orderReview.createMany({
    data: kinds.flatMap(({ id, review: state }) => {
      const decidedAt = state === "waiting" ? null : now;
      return state
        ? [{ id: newId("review"), orderId: id, kind: "order" as const, state, reason: "Dear", decidedAt }]
        : [];
    }),
  });

  const swept = async (name: keyof typeof waitingOrders) => {
    const rows = await db().$queryRaw<{ id: string }[]>(
      Prisma.sql`select id from "order" where ${waitingOrders[name]} order by id`,
    );
    return rows.map(({ id }) => id);
  };
  const orders = await db().order.findMany({
    include: { payments: true, label: true, reviews: { where: { state: { not: "approved" } } } },
    orderBy: { id: "asc" },
  });
  const byHand = (name: string) =>
    orders.flatMap((order) =>
      orderWork({ ...order, refunds: [] }).work.some((work) => work.name === name) ? [order.id] : [],
    );

  expect(orders.length).toBe(kinds.length);
  for (const name of Object.keys(waitingOrders) as (keyof typeof waitingOrders)[]) {
    expect(byHand(name).length).toBeGreaterThan(0);
    expect(byHand(name)).toEqual(await swept(name));
  }
});

test("an order that waits for its saved card to be charged is processed again when staff ask for it", async () => {
  const customer = await register("ada@example.com");
  const card = await attach(customer, "pm_card_visa");
  const { orderId } = await orderWithCard(customer, card, [await shelve("Mug", 1)]);

  expect((await getOrderForStaff({ actor: grace, id: orderId })).can.processAgain).toBe(true);
  const result = await batchTriggerOrders({ actor: grace, orderIds: [orderId], now });

  expect(result).toMatchObject({ asked: [{ orderId }], left: [] });
  expect((await asked(orderId)).at(-1)).toBe(`process:${now.toISOString().slice(0, 16)}`);
});
