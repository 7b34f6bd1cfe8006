import type { CartId, SavedCardId } from "@/lib/ids";
import type { Random } from "../random";
import { accountEdges } from "./account-edges";
import type { Account } from "./accounts";
import type { Answer } from "./call";
import { compareOrder } from "./compare";
import type { Door } from "./door";
import { shopperEdges as edges } from "./edges";
import { choiceOf, isOrderable, isUsable, priceBy, subtotalOf, type Wanted } from "./expected";
import { chance, pick } from "./pick";
import type { Code, Country, Shop, Way } from "./shop";
import type { Tally } from "./tally";

export type Form = Record<string, unknown>;
export type OpenCart = { cartId: CartId; lines: Wanted[]; code: Code | null; form: Form };
/** `isCard`: it is paid with a card of the account. */
export type FuzzOrder = { orderId: string; token: string; cartId: CartId; form: Form; isCard: boolean };
type Asked = {
  lines: Wanted[];
  country: Country;
  way: Way;
  code: Code | null;
  email: string;
  card: SavedCardId | null;
};

const quantityMax = 999;
/** Fields that no form has, and that nothing may come of. */
const smuggled = { price: 1, unitPrice: 1, totalAmount: 1, currency: "XXX", discountAmount: 100_000, taxAmount: 0 };

/** One shopper after another, each doing what a shopper may do, with what must come of it known beforehand. */
export class Shopper {
  /** Carts whose form is ready to be sent, or was refused, and orders: what is then tampered with. */
  readonly carts: OpenCart[] = [];
  readonly orders: FuzzOrder[] = [];
  #trips = 0;
  #usedOnce = new Map<string, string>();

  readonly #lane: number;
  readonly #random: Random;
  readonly #tally: Tally;

  readonly #account: Account;
  readonly #door: Door;

  constructor(shopper: { lane: number; random: Random; tally: Tally; account: Account; door: Door }) {
    this.#lane = shopper.lane;
    this.#random = shopper.random;
    this.#tally = shopper.tally;
    this.#account = shopper.account;
    this.#door = shopper.door;
  }

  /** Fills a cart, asks what it would cost, orders it, and changes the order. */
  async trip(shop: Shop): Promise<void> {
    this.#trips += 1;
    const random = this.#random;
    if (chance(random, 40)) await this.#visitAccount();
    const { cartId, lines } = await this.#fill(shop);
    const kept = chance(random, 50) ? await this.#applyCode(shop, cartId, lines) : null;
    await this.#quote(shop, cartId, lines, kept);
    const code = chance(random, 80) ? kept : this.#anyCode(shop);
    const email = chance(random, 85)
      ? `lane-${this.#lane}-${this.#trips}@example.com`
      : `lane-${this.#lane}@example.com`;
    const asked: Asked = { ...this.#destination(shop), lines, code, email, card: null };
    const form = this.#form(shop, asked);
    const isLeft = cartId !== undefined && chance(random, 30) && isOrderable(shop, asked);
    if (isLeft) return this.#keep(this.carts, { cartId, lines, code, form });
    if (chance(random, 25)) return this.#payWithCard(shop, cartId, asked, form);
    const answer = await edges.placeOrder(cartId, form);
    const placed = await this.#judge(shop, "place order", answer, asked, null);
    if (!placed && cartId && chance(random, 30)) this.#keep(this.carts, { cartId, lines, code, form });
    if (!placed || !cartId) return;
    const order = { orderId: placed.orderId, token: placed.accessToken, cartId, form, isCard: false };
    for (let before = asked; chance(random, 30); ) {
      const changed = {
        ...before,
        ...this.#destination(shop),
        code: chance(random, 60) ? before.code : this.#anyCode(shop),
      };
      order.form = this.#form(shop, changed);
      const again = await edges.placeOrder(cartId, order.form);
      if (!(await this.#judge(shop, "change order", again, changed, { id: placed.orderId, code: before.code }))) {
        order.form = form;
        break;
      }
      before = changed;
      Object.assign(form, order.form);
    }
    if (chance(random, 4)) await this.#goToStripe(order);
    this.#keep(this.orders, order);
  }

  async #visitAccount(): Promise<void> {
    const { actor, kept } = this.#account;
    if (chance(this.#random, 60)) return this.#door.enter(this.#random, this.#account, this.#tally);
    const answer = await accountEdges.chooseDefaultCard(actor, { cardId: pick(this.#random, kept) });
    this.#tally.expect("chooseDefaultCard", answer, true);
  }

  /** Orders with a card of the account, and sends the form again with the other one, which changes nothing. */
  async #payWithCard(shop: Shop, cartId: CartId | undefined, without: Asked, fields: Form): Promise<void> {
    const { actor, kept } = this.#account;
    const card = pick(this.#random, kept);
    const asked = { ...without, card };
    const form = { ...fields, payWith: card, keepCard: "on" };
    const answer = await accountEdges.placeOrder(actor, cartId, form);
    const placed = await this.#judge(shop, "pay with a card", answer, asked, null);
    if (!placed || !cartId) return;
    const { orderId, accessToken: token } = placed;
    const other = { ...form, payWith: kept.find((one) => one !== card) };
    const again = await accountEdges.placeOrder(actor, cartId, other);
    await this.#judge(shop, "pay with a card", again, asked, { id: orderId, code: asked.code });
    this.#keep(this.orders, { orderId, token, cartId, form, isCard: true });
  }

  #keep<Item>(list: Item[], item: Item): void {
    list.push(item);
    if (list.length > 12) list.shift();
  }

  async #fill(shop: Shop): Promise<{ cartId: CartId | undefined; lines: Wanted[] }> {
    const random = this.#random;
    const lines: Wanted[] = [];
    let cartId: CartId | undefined;
    for (let n = random.between(1, 4); n > 0; n--) {
      const item = chance(random, 94) ? pick(random, shop.items) : pick(random, [shop.foreign, shop.withdrawn]);
      const quantity = chance(random, 90) ? random.between(1, 4) : random.between(1, quantityMax);
      const line = lines.find((one) => one.item === item);
      const isFine =
        item.currency === shop.currency && item !== shop.withdrawn && (line?.quantity ?? 0) + quantity <= quantityMax;
      const input = {
        variantId: item.variantId,
        quantity: chance(random, 50) ? quantity : String(quantity),
        ...this.#extras(),
      };
      const answer = await edges.addToCart(cartId, input);
      if (!this.#tally.expect("add to cart", answer, isFine) || answer.kind !== "accepted") continue;
      cartId = answer.value.cartId;
      if (line) line.quantity += quantity;
      else lines.push({ item, quantity });
    }
    const [first] = lines;
    if (first && chance(random, 20)) {
      const quantity = random.between(1, quantityMax);
      const answer = await edges.setCartLine(cartId, { variantId: first.item.variantId, quantity, ...this.#extras() });
      if (this.#tally.expect("set cart line", answer, true)) first.quantity = quantity;
    }
    if (first && chance(random, 5)) {
      const answer = await edges.removeCartLine(cartId, { variantId: first.item.variantId });
      if (this.#tally.expect("remove cart line", answer, true)) lines.shift();
    }
    return { cartId, lines };
  }

  #extras(): object {
    return chance(this.#random, 20) ? smuggled : {};
  }

  #anyCode(shop: Shop): Code | null {
    return chance(this.#random, 50) ? pick(this.#random, shop.codes) : null;
  }

  #destination(shop: Shop): { country: Country; way: Way } {
    const country = pick(this.#random, shop.countries);
    return { country, way: pick(this.#random, country.ways) };
  }

  async #applyCode(shop: Shop, cartId: CartId | undefined, lines: Wanted[]): Promise<Code | null> {
    const code = pick(this.#random, shop.codes);
    const answer = await edges.applyDiscount(cartId, {
      code: chance(this.#random, 50) ? code.code : code.code.toLowerCase(),
    });
    const isFine = !cartId || isUsable(code, subtotalOf(lines));
    if (code.usageMax !== null && answer.kind === "refused") this.#tally.count("apply code", answer);
    else this.#tally.expect("apply code", answer, isFine);
    return answer.kind === "accepted" && cartId ? code : null;
  }

  async #quote(shop: Shop, cartId: CartId | undefined, lines: Wanted[], kept: Code | null): Promise<void> {
    const answer = await edges.quote(cartId);
    if (!this.#tally.expect("quote", answer, true) || answer.kind !== "accepted") return;
    // Lines that were put in within the same millisecond may stand in any order, and odd units follow it.
    const shown = answer.value.cart.lines.flatMap(
      ({ variantId }) => lines.find(({ item }) => item.variantId === variantId) ?? [],
    );
    lines.splice(0, lines.length, ...shown);
    if (kept?.usageMax) return; // others may have used it up
    const code = kept && lines.length > 0 && isUsable(kept, subtotalOf(lines)) ? kept : null;
    for (const country of shop.countries) {
      const ways = answer.value.destinations.find(({ countries }) => countries.includes(country.code))?.ways ?? [];
      const offered = answer.value.cart.orderable ? country.ways : [];
      const expected = offered.map((way) =>
        choiceOf(way, priceBy(shop, { lines, country, way, code }).total, shop.currency),
      );
      const found = ways.map(({ choice }) => choice);
      if (found.join() !== expected.join())
        this.#tally.wrong(`The quote to ${country.code} says ${found}, and should say ${expected}.`);
    }
  }

  #form(shop: Shop, { lines, country, way, code, email }: Asked): Form {
    const total = priceBy(shop, { lines, country, way, code }).total;
    const isLeftOut = country.ways.length === 1 && chance(this.#random, 50);
    return {
      email,
      name: "Ada Lovelace",
      line1: "12 St James's Square",
      line2: "",
      city: "London",
      postalCode: "SW1Y 4JH",
      country: chance(this.#random, 80) ? country.code : country.code.toLowerCase(),
      shipping: isLeftOut ? "" : choiceOf(way, total, shop.currency),
      discountCode: code?.code ?? "",
      ...this.#extras(),
    };
  }

  /** Whether the order came about, as it must; and what is to be charged, if it did. */
  async #judge(
    shop: Shop,
    what: string,
    answer: Answer<{ orderId: string; accessToken: string }>,
    asked: Asked,
    before: { id: string; code: Code | null } | null,
  ): Promise<{ orderId: string; accessToken: string } | null> {
    const { code, email } = asked;
    const isKept = before !== null && before.code === code;
    const onceKey = `${code?.code} ${email}`;
    const owner = this.#usedOnce.get(onceKey);
    const isTaken = code?.oncePerEmail === true && owner !== undefined && owner !== before?.id;
    const isFine = isOrderable(shop, asked) && !isTaken;
    const mayBeUsedUp =
      code?.usageMax != null && !isKept && answer.kind === "refused" && answer.code === "discount-used-up";
    if (mayBeUsedUp) this.#tally.count(what, answer);
    else this.#tally.expect(what, answer, isFine, JSON.stringify(asked, plain));
    if (answer.kind !== "accepted") return null;
    for (const [key, id] of this.#usedOnce) if (id === answer.value.orderId) this.#usedOnce.delete(key);
    if (code?.oncePerEmail) this.#usedOnce.set(onceKey, answer.value.orderId);
    for (const sentence of await compareOrder(shop, answer.value.orderId, asked)) this.#tally.wrong(sentence);
    return answer.value;
  }

  async #goToStripe({ orderId, token }: FuzzOrder): Promise<void> {
    const answer = await edges.startPayment({ orderId, token });
    if (this.#tally.expect("start payment", answer, true) && answer.kind === "accepted" && answer.value.kind !== "pay")
      this.#tally.wrong(`Order ${orderId} could not be paid.`);
  }
}

const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
