import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { newId, type OrderId } from "@/lib/ids";
import { MailRefusedError } from "@/lib/notifications/errors";
import { sendNotice } from "@/lib/notifications/send-notice";
import { sendOnce } from "@/lib/notifications/send-once";
import { sendOrderNotice } from "@/lib/notifications/send-order-notice";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"resend">;

beforeAll(async () => {
  world = await startWorld({ resend: true });
});

afterAll(() => world.close());

beforeEach(() => local("/reset", {}));

const now = new Date("2026-11-23T10:00:00Z");

type InboxMail = { id: string; to: string[]; subject: string; html: string; text: string };

async function inbox(): Promise<InboxMail[]> {
  const answer = await fetch(`${world.resend.url}/_local/emails`);
  return (await answer.json()) as InboxMail[];
}

async function local(path: string, body: object): Promise<void> {
  await fetch(`${world.resend.url}/_local${path}`, { method: "POST", body: JSON.stringify(body) });
}

async function adasOrder(email = "ada@example.com"): Promise<OrderId> {
  const id = newId("order");
  await db().order.create({
    data: {
      id,
      status: "confirmed",
      paymentStatus: "paid",
      email,
      shipTo: {
        name: "Ada Lovelace",
        line1: "12 St James's Square",
        postalCode: "SW1Y",
        city: "London",
        country: "GB",
      },
      currency: "EUR",
      subtotalAmount: 2598,
      shippingAmount: 490,
      totalAmount: 3088,
      accessToken: `secret-${id}`,
      placedAt: now,
      confirmedAt: now,
      lines: {
        create: {
          id: newId("orderLine"),
          position: 0,
          title: "Bench brush",
          variantTitle: "Soft",
          quantity: 2,
          unitPriceAmount: 1299,
          totalAmount: 2598,
        },
      },
    },
  });
  return id;
}

test("the shopper gets the confirmation, with a link that opens the order", async () => {
  const orderId = await adasOrder();

  const result = await sendOrderNotice({ orderId, notice: "confirmation", now });

  const [mail, ...others] = await inbox();
  expect(others).toEqual([]);
  expect(mail).toMatchObject({
    to: ["ada@example.com"],
    subject: expect.stringMatching(/^Your order \d+ is confirmed$/),
  });
  expect(mail?.text).toContain(`http://localhost:3000/orders/${orderId}?token=secret-${orderId}`);
  expect(mail?.text).toContain("Total: €30.88");
  expect(mail?.html).toContain("United Kingdom");
  const row = await db().sentMail.findUniqueOrThrow({ where: { id: result.mailId } });
  expect(row).toMatchObject({ orderId, kind: "confirmation", sentAt: now, providerId: mail?.id });
});

test("a notice is sent once per order and kind, one after the other or many at once", async () => {
  const orderId = await adasOrder();
  const confirm = () => sendOrderNotice({ orderId, notice: "confirmation", now });

  const race = await Promise.allSettled([confirm(), confirm(), confirm(), confirm()]);
  const again = await confirm();
  await sendOrderNotice({ orderId, notice: "shipped", now });

  for (const one of race) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(TemporaryError);
  expect(again.sent).toBe(false);
  expect((await inbox()).map(({ subject }) => subject.replace(/\d+/, "N")).sort()).toEqual([
    "Your order N is confirmed",
    "Your order N is on its way",
  ]);
});

test.each(["drop-after", "drop-before", "error", "rate-limit"])(
  "when Resend answers with %s, the next try sends exactly one mail",
  async (kind) => {
    const orderId = await adasOrder();
    await local("/faults", { kind });

    await expect(sendOrderNotice({ orderId, notice: "confirmation", now })).rejects.toBeInstanceOf(TemporaryError);
    const again = await sendOrderNotice({ orderId, notice: "confirmation", now });

    expect(again.sent).toBe(true);
    expect(await inbox()).toHaveLength(1);
  },
);

test("a mail that went out before a crash is not sent again, even when it would say something else now", async () => {
  const orderId = await adasOrder();
  const send = (text: string) =>
    sendOnce({
      kind: "confirmation",
      about: { orderId },
      recipients: ["ada@example.com"],
      render: () => ({ subject: text, html: text, text }),
      now,
    });
  await local("/faults", { kind: "drop-after" });
  await expect(send("Then")).rejects.toBeInstanceOf(TemporaryError);

  await send("Now");

  expect((await inbox()).map(({ subject }) => subject)).toEqual(["Then"]);
  expect((await send("Later")).sent).toBe(false);
});

test("an address that the mail service refuses is a refusal and not tried again", async () => {
  const orderId = await adasOrder("not an address");

  await expect(sendOrderNotice({ orderId, notice: "confirmation", now })).rejects.toBeInstanceOf(MailRefusedError);
  expect(await inbox()).toEqual([]);
});

/** A refund of the order that Stripe has made, or has not. */
async function refundOf(orderId: OrderId, amount: number, failureReason?: string): Promise<string> {
  const id = newId("refund");
  const [payment] = await db().payment.findMany({ where: { orderId } });
  const paymentId = payment?.id ?? newId("payment");
  const money = { amount: 3088, currency: "EUR" };
  if (!payment) await db().payment.create({ data: { id: paymentId, orderId, ...money } });
  await db().refund.create({
    data: {
      id,
      orderId,
      paymentId,
      amount,
      currency: "EUR",
      reason: "other",
      requestedBy: "system",
      stripeRefundId: `re_${id}`,
      state: failureReason ? "failed" : "succeeded",
      succeededAt: now,
      settledAt: now,
      failureReason,
    },
  });
  return id;
}

test("each refund of an order has a mail of its own, once", async () => {
  const orderId = await adasOrder();
  const [first, second] = [await refundOf(orderId, 500), await refundOf(orderId, 2588)];
  const tell = (subject: string) => sendNotice({ orderId, notice: "refunded", subject, now });

  const sent = [await tell(first), await tell(second), await tell(first)];

  expect(sent.map(({ recipient, result }) => [recipient, result?.sent])).toEqual([
    ["shopper", true],
    ["shopper", true],
    ["shopper", false],
  ]);
  const texts = (await inbox()).map(({ text }) => text);
  expect(texts.filter((text) => text.includes("refunded €5.00 of order"))).toHaveLength(1);
  expect(texts.filter((text) => text.includes("refunded €25.88 of order"))).toHaveLength(1);
});

test("staff are told of a refund that failed, and shoppers are not", async () => {
  const orderId = await adasOrder();
  const subject = await refundOf(orderId, 500, "expired_or_canceled_card");
  const tell = () => sendNotice({ orderId, notice: "refund-failed", subject, now });
  expect(await tell()).toEqual({ recipient: "staff", result: null });
  await db().user.createMany({
    data: [
      { id: newId("user"), name: "Olga", email: "olga@shopfloor.example", role: "owner" },
      { id: newId("user"), name: "Grace", email: "grace@shopfloor.example", role: "staff" },
      { id: newId("user"), name: "Ada", email: "ada@example.com", role: "customer" },
    ],
  });

  expect(await tell()).toMatchObject({ recipient: "staff", result: { sent: true } });

  const [mail, ...others] = await inbox();
  expect(others).toEqual([]);
  expect(mail?.to.sort()).toEqual(["grace@shopfloor.example", "olga@shopfloor.example"]);
  expect(mail?.text).toContain("€5.00 of order");
  expect(mail?.text).toContain("expired_or_canceled_card");
  expect(mail?.text).toContain(`http://localhost:3000/admin/orders/${orderId}`);
});
