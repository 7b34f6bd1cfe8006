import type { Agent } from "node:http";
import { type Answer, Browser, ConnectionLostError } from "./browser";
import { alertsOf, choicesOf, type Form, findForm } from "./form";

export type Item = {
  handle: string /** Which of the product's variants, from 0. */;
  variant?: number;
  quantity?: number;
};

export type Wish = {
  items: readonly Item[];
  email: string;
  /** Where the parcel goes; GB unless given. */
  country?: string;
  discountCode?: string;
};

/** How a try to buy ended. What was refused or failed made no order; of what was lost nobody knows yet. */
export type Placing = { requests: number } & (
  | { kind: "placed"; sessionUrl: string }
  /** There is an order, and no page of Stripe's to pay it on, at least not now. */
  | { kind: "unpayable"; orderId: string }
  | { kind: "refused"; message: string }
  | { kind: "failed"; status: number; message: string }
  | { kind: "lost"; reason: string }
);

export type Paying =
  | { kind: "paid"; orderId: string }
  | { kind: "declined"; message: string }
  | { kind: "closed"; status: number }
  | { kind: "lost"; reason: string };

export const cards = { good: "4242424242424242", declined: "4000000000000002" };

/** Product pages that are open already: the form in them is everybody's. Leave it out to have each shopper open them. */
export type OpenPages = Map<string, { form: Form; variants: string[] }>;

type Ending = { kind: "refused"; message: string } | { kind: "failed"; status: number; message: string };

/** Ends a visit before there is an order. */
class Ended extends Error {
  readonly how: Ending;

  constructor(how: Ending) {
    super(how.message);
    this.how = how;
  }
}

type Store = {
  origin: string;
  agent: Agent;
  openPages?: OpenPages;
  /** Chooses the way of shipping when the country is chosen, as with JavaScript, instead of when the store asks. */
  hasScript?: boolean;
};

/** A checkout that is filled in. `press` sends it. */
export type ReadyCheckout = { kind: "ready"; press: () => Promise<Placing> };

/**
 * Buys as a guest without JavaScript: puts each item into a new cart, opens the checkout, uses the discount code, sends
 * the form, chooses the first way of shipping where the store asks for one, and is led to Stripe's page.
 */
export async function placeOrder(store: Store, wish: Wish): Promise<Placing> {
  const opened = await openCheckout(store, wish);
  return opened.kind === "ready" ? opened.press() : opened;
}

/** The same up to the moment before the order is placed. */
export async function openCheckout(store: Store, wish: Wish): Promise<ReadyCheckout | Placing> {
  const browser = new Browser(store.origin, store.agent);
  return endingSaid(browser, async () => {
    for (const item of wish.items) await addToCart(browser, item, store.openPages);
    const page = await readCheckout(browser, wish);
    const press = () =>
      endingSaid(browser, async () => {
        const placed = await sendCheckout(browser, page, wish, store.hasScript ?? false);
        return { ...placed, requests: browser.requests };
      });
    return { kind: "ready", press };
  });
}

async function endingSaid<T>(browser: Browser, work: () => Promise<T>): Promise<T | Placing> {
  try {
    return await work();
  } catch (error) {
    const { requests } = browser;
    if (error instanceof Ended) return { ...error.how, requests };
    if (error instanceof ConnectionLostError) return { kind: "lost", reason: error.message, requests };
    throw error;
  }
}

/** Opens a product's page and keeps it for others. */
export async function openProduct(browser: Browser, handle: string, openPages?: OpenPages) {
  const known = openPages?.get(handle);
  if (known) return known;
  const { body } = requirePage(await browser.get(`/products/${handle}`));
  const form = findForm(body, "variantId");
  if (!form) throw new Ended({ kind: "refused", message: `There is nothing to buy on the page of ${handle}.` });
  const radios = choicesOf(body, "variantId");
  const variants =
    radios.length > 0 ? radios : form.values.flatMap(([name, value]) => (name === "variantId" ? value : []));
  const page = { form, variants };
  openPages?.set(handle, page);
  return page;
}

async function addToCart(
  browser: Browser,
  { handle, variant, quantity = 1 }: Item,
  openPages?: OpenPages,
): Promise<void> {
  const { form, variants } = await openProduct(browser, handle, openPages);
  const variantId = variants[variant ?? 0];
  if (!variantId) throw new Ended({ kind: "refused", message: `${handle} is sold out.` });
  const answer = requirePage(await browser.post(`/products/${handle}`, form, { variantId, quantity: `${quantity}` }));
  refuseIfSaid(answer);
}

type Placed = { kind: "placed"; sessionUrl: string } | { kind: "unpayable"; orderId: string };

async function readCheckout(browser: Browser, { discountCode }: Wish): Promise<Answer> {
  const page = requirePage(await browser.get("/checkout"));
  requireForm(page, "email");
  if (!discountCode) return page;
  const answer = requirePage(await browser.post("/checkout", requireForm(page, "code"), { code: discountCode }));
  refuseIfSaid(answer);
  return answer;
}

async function sendCheckout(browser: Browser, page: Answer, wish: Wish, hasScript: boolean): Promise<Placed> {
  const { email, country = "GB" } = wish;
  const typed = {
    email,
    name: "Ada Lovelace",
    line1: "12 St James’s Square",
    line2: "",
    postalCode: "SW1Y 4JH",
    city: "London",
    country,
  };
  const offered = hasScript ? wayInScript(page.body, country) : undefined;
  let answer = await browser.post("/checkout", requireForm(page, "email"), {
    ...typed,
    ...(offered !== undefined && { shipping: offered }),
  });
  if (answer.status === 200 && offered === undefined) {
    const [way] = choicesOf(answer.body, "shipping");
    if (way === undefined) throw new Ended({ kind: "refused", message: whySaid(answer) });
    answer = await browser.post("/checkout", requireForm(answer, "email"), { ...typed, shipping: way });
  }
  const { location } = requirePage(answer);
  if (!location) throw new Ended({ kind: "refused", message: whySaid(answer) });
  // Led to the order's own page instead of Stripe's: there is no page to pay on, at least not now.
  if (location.startsWith("/")) return { kind: "unpayable", orderId: orderIn(location) };
  return { kind: "placed", sessionUrl: location };
}

/** The first way of shipping to a country, which the page's script has at hand. It comes in pieces, in quoted JSON. */
function wayInScript(page: string, country: string): string | undefined {
  const whole = page.replaceAll(/"\]\)<\/script><script[^>]*>self\.__next_f\.push\(\[1,"/g, "");
  return new RegExp(`\\\\"countries\\\\":\\[[^\\]]*\\\\"${country}\\\\".*?\\\\"choice\\\\":\\\\"([^"\\\\]+)`).exec(
    whole,
  )?.[1];
}

/** Pays on Stripe's page of an order. A person who goes away instead leaves this out. */
export async function pay(sessionUrl: string, card: string, agent: Agent): Promise<Paying> {
  const { origin, pathname } = new URL(sessionUrl);
  const form = { action: "", encoding: "application/x-www-form-urlencoded", values: [] };
  const fields = { number: card, expiry: "12 / 34", cvc: "123", name: "Ada Lovelace", country: "GB" };
  try {
    const answer = await new Browser(origin, agent).post(pathname, form, fields);
    if (answer.status === 303 && answer.location) return { kind: "paid", orderId: orderIn(answer.location) };
    if (answer.status === 402) return { kind: "declined", message: whySaid(answer) };
    return { kind: "closed", status: answer.status };
  } catch (error) {
    if (error instanceof ConnectionLostError) return { kind: "lost", reason: error.message };
    throw error;
  }
}

/** The order that a page of Stripe's is for: its way back to the store says so. @throws ConnectionLostError */
export async function orderOf(sessionUrl: string, agent: Agent): Promise<string> {
  const { origin, pathname } = new URL(sessionUrl);
  return orderIn((await new Browser(origin, agent).get(pathname)).body);
}

function orderIn(text: string): string {
  const [found] = /ord_[0-9a-z]{26}/.exec(text) ?? [];
  if (!found) throw new Error(`No order in: ${text.slice(0, 500)}`);
  return found;
}

/** What the store has no page for is no refusal but a failure. */
function requirePage(answer: Answer): Answer {
  if (answer.status < 400) return answer;
  throw new Ended({ kind: "failed", status: answer.status, message: whySaid(answer) });
}

function requireForm(page: Answer, field: string): Form {
  const form = findForm(page.body, field);
  if (form) return form;
  throw new Ended({ kind: "refused", message: whySaid(page) });
}

function refuseIfSaid(answer: Answer): void {
  const [alert] = alertsOf(answer.body);
  if (alert) throw new Ended({ kind: "refused", message: alert });
}

/** The alert of a page, or else the sentence that stands in place of a form. */
function whySaid({ body, status }: Answer): string {
  const [alert] = alertsOf(body);
  const [, sentence] = /<p class="font-semibold">(.*?)<\/p>/s.exec(body) ?? [];
  return alert ?? sentence ?? `The answer ${status} says nothing.`;
}
