import type { Actor } from "@/lib/accounts/actor";
import { type CartId, newId } from "@/lib/ids";
import type { Random } from "../random";
import type { Account } from "./accounts";
import { badBatch } from "./batches";
import type { Answer } from "./call";
import { badCard } from "./card-orders";
import type { Door } from "./door";
import { shopperEdges as edges, grace, staffEdges, strangers } from "./edges";
import { choiceOf, priceBy } from "./expected";
import type { Findings } from "./findings";
import { nonsense, nonsenseText } from "./nonsense";
import { chance, pick } from "./pick";
import type { Shop, Way } from "./shop";
import type { Form, FuzzOrder, OpenCart, Shopper } from "./shopper";
import type { StaffOrder } from "./staff-orders";

/** A request that must change nothing: refused (for this reason), or answered with what there is (`same`). */
export type Tampered = {
  what: string;
  send: () => Promise<Answer<unknown>>;
  must: "refused" | "same" | { code: string };
};

export type Targets = {
  shop: Shop;
  shopper: Shopper;
  others: readonly FuzzOrder[];
  staffOrders: readonly StaffOrder[];
  /** The shopper's own, and everybody's. */
  account: Account;
  accounts: readonly Account[];
  door: Door;
  findings: Findings;
};

const quantities = [0, -1, 1_000, 1.5, 2 ** 31, 2 ** 53, "1e3", "0", "-1", "999999999999999", "1.0", "", null, [1], {}];
/** No order costs so much: so little, or so much, cannot be paid by card. */
const totals = ["0", "1", "100000000", "2147483648", "9007199254740991", "999999999999999", "-1", "1.5", "1e5", ""];

/** Any of the things that somebody with bad intentions, or a broken program, may send. */
export function tamper(random: Random, targets: Targets): Tampered {
  const { shopper } = targets;
  const kinds: [number, () => Tampered][] = [
    [20, () => badCartRequest(random, targets)],
    [8, () => badCode(random)],
    [shopper.carts.length > 0 ? 30 : 0, () => badForm(random, targets)],
    [shopper.orders.length > 0 ? 8 : 0, () => replay(random, targets)],
    [12, () => badAccess(random, targets)],
    [targets.staffOrders.length > 1 ? 22 : 0, () => badStaffRequest(random, targets)],
    [14, () => badCard(random, targets)],
    [8, () => targets.door.tamper(random, targets.account)],
    [targets.staffOrders.length > 0 ? 6 : 0, () => badBatch(random, targets)],
    [5, () => targets.findings.tamper(random, targets)],
  ];
  let left = random.next() * kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of kinds) {
    left -= weight;
    if (left < 0) return make();
  }
  return badCode(random);
}

function badCartRequest(random: Random, { shop, shopper }: Targets): Tampered {
  const cartId = shopper.carts.length > 0 ? pick(random, shopper.carts).cartId : undefined;
  const { variantId } = pick(random, shop.items);
  const unknown = newId("variant");
  const input = pick<() => Form>(random, [
    () => ({ variantId, quantity: pick<unknown>(random, quantities) }),
    () => ({ variantId: nonsense(random), quantity: 1 }),
    () => ({ variantId: pick<string>(random, [newId("product"), shop.withdrawn.variantId, unknown]), quantity: 1 }),
    () => ({ quantity: 1 }),
    () => ({ variantId, price: 1 }),
  ])();
  const edge = pick(random, ["addToCart", "setCartLine"] as const);
  // Without a cart there is no line to set: the action does nothing, and says nothing.
  if (edge === "setCartLine" && cartId)
    return { what: "set cart line", send: () => edges.setCartLine(cartId, input), must: "refused" };
  return { what: "add to cart", send: () => edges.addToCart(cartId, input), must: "refused" };
}

function badCode(random: Random): Tampered {
  const code = chance(random, 50) ? nonsense(random) : `NOPE-${random.between(1, 999)}`;
  const isWord = typeof code === "string" && /^[a-z0-9][a-z0-9_-]{0,39}$/i.test(code.trim());
  // A cart that does not exist keeps no code, whatever it is.
  return {
    what: "apply code",
    send: () => edges.applyDiscount(newId("cart"), { code: isWord ? `${code} !` : code }),
    must: "refused",
  };
}

function badForm(random: Random, targets: Targets): Tampered {
  const { shop } = targets;
  const cart = pick(random, targets.shopper.carts);
  const [cartId, form] = pick<() => [CartId | undefined, Form]>(random, [
    () => [cart.cartId, { ...cart.form, shipping: badChoice(random, targets, cart) }],
    () => [cart.cartId, { ...cart.form, shipping: badChoice(random, targets, cart) }],
    () => [
      cart.cartId,
      {
        ...cart.form,
        [pick(random, ["email", "name", "line1", "city", "postalCode", "country"])]: pick<unknown>(random, [
          "",
          " ",
          null,
          undefined,
          7,
          {},
          [],
          "x".repeat(400),
          "\u0000",
        ]),
      },
    ],
    () => [cart.cartId, without(cart.form, pick(random, ["email", "name", "line1", "city", "postalCode", "country"]))],
    () => [cart.cartId, { ...cart.form, country: pick(random, ["FR", "ZZ", "XX", "DEU", "D", "1A", "??"]) }],
    () => [
      cart.cartId,
      {
        ...cart.form,
        email: pick(random, [
          "ada",
          "ada@",
          "@example.com",
          "ada@example",
          "a b@example.com",
          "ada@example.com, eve@example.com",
          `${"a".repeat(250)}@example.com`,
        ]),
      },
    ],
    () => [
      cart.cartId,
      {
        ...cart.form,
        discountCode: pick(random, ["NOPE", ...shop.codes.filter(({ isDead }) => isDead).map(({ code }) => code)]),
      },
    ],
    // A step skipped: there is no cart, or none that anybody knows.
    () => [pick(random, [undefined, newId("cart")]), cart.form],
  ])();
  return { what: "place order", send: () => edges.placeOrder(cartId, form), must: "refused" };
}

/** The choice of a way of shipping, with another way, total or currency in it; whoever cheats has done the sums. */
function badChoice(random: Random, { shop }: Targets, { form, lines, code }: OpenCart): unknown {
  const country = shop.countries.find((one) => one.code === String(form.country).toUpperCase());
  if (!country) return "none";
  const foreign = shop.countries.flatMap(({ ways }) => (ways === country.ways ? [] : ways));
  const way = pick(random, country.ways);
  const totalBy = (by: Way) => priceBy(shop, { lines, country, way: by, code }).total;
  const { currency } = shop;
  const choose = (by: Way) => choiceOf(by, totalBy(by), currency);
  return pick<() => unknown>(random, [
    () => choose(pick(random, foreign)),
    () => choose(pick(random, foreign)),
    () => choose({ id: shop.closedWay, amount: 1, freeFrom: null }),
    () => choose({ ...way, id: newId("shippingRate") }),
    () => choiceOf(way, totalBy(way) + BigInt(pick(random, [-100, -1, 1, 100])), currency),
    () => choiceOf(way, pick(random, totals), currency),
    () => choiceOf(way, totalBy(way), currency === "USD" ? "EUR" : "USD"),
    () => choiceOf(way, totalBy(way), pick(random, ["XXX", "eur", "BTC", ""])),
    () => `${way.id}.${nonsenseText(random)}.${currency}.`,
    () => ({ rateId: way.id, total: 1 }),
  ])();
}

function without(form: Form, name: string): Form {
  return Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));
}

/** The form of an order, sent once more, with other amounts in it or not: the order stays what it is. */
function replay(random: Random, { shopper }: Targets): Tampered {
  const order = pick(random, shopper.orders);
  const form = chance(random, 50) ? order.form : { ...order.form, totalAmount: 1, price: 1, currency: "XXX" };
  const send = async (): Promise<Answer<unknown>> => {
    const answer = await edges.placeOrder(order.cartId, form);
    if (answer.kind !== "accepted" || answer.value.orderId === order.orderId) return answer;
    return { kind: "broken", error: new Error(`The form of ${order.orderId} made ${answer.value.orderId}`) };
  };
  return { what: "replay", send, must: "same" };
}

/** Somebody else's order, with another secret or none. */
function badAccess(random: Random, { others }: Targets): Tampered {
  const edge = pick(random, ["startPayment", "showOrder", "cancelOwnOrder"] as const);
  const target = others.length > 1 ? pick(random, others) : undefined;
  const other = others.find(({ orderId }) => orderId !== target?.orderId);
  const orderId = target?.orderId ?? newId("order");
  const input = pick<() => Form>(random, [
    () => ({ orderId, token: other?.token ?? "none" }),
    () => ({ orderId, token: target?.token.toLowerCase() === target?.token ? "none" : target?.token.toLowerCase() }),
    () => ({ orderId, token: nonsense(random) }),
    () => ({ orderId: newId("order"), token: target?.token ?? "none" }),
    () => ({ orderId: nonsense(random), token: target?.token ?? "none" }),
    () => ({ orderId: newId("payment"), token: target?.token ?? "none" }),
    () => ({ orderId }),
  ])();
  return { what: edge, send: () => edges[edge](input), must: "refused" };
}

function badStaffRequest(random: Random, { shop, others, staffOrders }: Targets): Tampered {
  const order = pick(random, staffOrders);
  const foreignLine =
    pick(
      random,
      staffOrders.filter((one) => one !== order),
    ).left.lines[0]?.id ?? newId("orderLine");
  const unpaid = others.length > 0 ? pick(random, others).orderId : newId("order");
  const { orderId } = order;
  const line = order.left.lines[0]?.id ?? newId("orderLine");
  const refund = { orderId, kind: "amount", currency: shop.currency, amount: "1.00", reason: "other" };
  type Name = keyof typeof staffEdges;
  const [name, actor, input] = pick<() => [Name, Actor, unknown]>(random, [
    // Whatever it is, of somebody who is not staff.
    () => [
      pick(random, ["markShipped", "markDelivered", "cancelOrder", "refundOrder", "listOrders"] as const),
      pick(random, strangers),
      { ...refund, reason: "other" },
    ],
    () => [
      "refundOrder",
      grace,
      {
        ...refund,
        amount: pick(random, [
          "0",
          "-1",
          "1e9",
          "999999999999",
          "9999999999999999",
          "21474836.48",
          "1.0001",
          "",
          "NaN",
          "1,00",
          "0x1",
        ]),
      },
    ],
    () => [
      "refundOrder",
      grace,
      {
        ...refund,
        currency: pick<unknown>(random, ["XXX", "eur", "", null, 7, order.state === "unpaid" ? "USD" : "CHF"]),
        amount: "1",
      },
    ],
    () => [
      "refundOrder",
      grace,
      { ...refund, orderId: pick<unknown>(random, [unpaid, newId("order"), nonsense(random)]) },
    ],
    () => ["refundOrder", grace, { ...refund, kind: "pieces", [`pieces.${foreignLine}`]: "1" }],
    () => [
      "refundOrder",
      grace,
      {
        ...refund,
        kind: "pieces",
        [`pieces.${line}`]: pick(random, ["-1", "1.5", "1000", "9999", "10000", "999999999999", "1e2"]),
      },
    ],
    () => ["refundOrder", grace, { ...refund, kind: "pieces" }],
    () => ["refundOrder", grace, { ...refund, kind: nonsense(random) }],
    () => ["refundOrder", grace, { ...refund, reason: nonsense(random) }],
    () => ["requestReturn", grace, { orderId: unpaid, reason: "It broke.", [`pieces.${line}`]: "1" }],
    () => ["requestReturn", grace, { orderId, reason: "It broke.", [`pieces.${foreignLine}`]: "1" }],
    () => [
      "requestReturn",
      grace,
      { orderId, reason: "It broke.", [`pieces.${line}`]: pick(random, ["9999", "-1", "x", "1.5"]) },
    ],
    () => [
      "requestReturn",
      grace,
      { orderId, reason: pick<unknown>(random, ["", "\u0000", null, "x".repeat(501)]), [`pieces.${line}`]: "1" },
    ],
    () => ["requestReturn", grace, { orderId, reason: "Nothing comes back." }],
    () => [
      "receiveReturn",
      grace,
      { orderId, returnId: pick<unknown>(random, [newId("return"), nonsense(random)]), [`received.${line}`]: "1" },
    ],
    () => ["rejectReturn", grace, { orderId, returnId: pick<unknown>(random, [newId("return"), nonsense(random)]) }],
    () => [
      pick(random, ["markShipped", "markDelivered"] as const),
      grace,
      { orderId: pick<unknown>(random, [unpaid, newId("order"), nonsense(random)]) },
    ],
    () => ["cancelOrder", grace, { orderId: pick<unknown>(random, [newId("order"), nonsense(random)]), reason: "No." }],
    () => ["cancelOrder", grace, { orderId, reason: "x".repeat(501) }],
    () => [
      pick(random, ["approveReview", "refuseReview"] as const),
      grace,
      { orderId, reviewId: pick<unknown>(random, [newId("review"), nonsense(random)]), reason: "No." },
    ],
    () => [
      "correctAddress",
      grace,
      {
        orderId,
        reviewId: newId("review"),
        name: pick<unknown>(random, ["", null, "Ada"]),
        line1: "1",
        city: "x",
        postalCode: "y",
      },
    ],
    () => ["listOrders", pick(random, strangers), nonsenseText(random)],
  ])();
  return { what: name, send: () => staffEdges[name](actor, input), must: "refused" };
}
