import type { Agent } from "node:http";
import { type Answer, Browser, ConnectionLostError } from "@/bench/support/shopper/browser";
import { alertsOf, choicesOf, type Form, findForm } from "@/bench/support/shopper/form";
import { cards, openProduct, pay } from "@/bench/support/shopper/shopper";
import { pause } from "../processes";
import type { Progress } from "../progress";
import { persist } from "./persist";
import type { ShopperPlan } from "./traffic";

/** What a shopper came to know, and may rely on from then on. */
export type Told = {
  plan: ShopperPlan;
  orderId: string;
  /** Its page, with the secret. */
  orderPath: string;
  /** Stripe's page took the card, and sent the shopper back. */
  hasPaid: boolean;
  /** The store said that the shopper's cancelling worked. */
  hasCancelled: boolean;
};

/** The page did not come, or came broken: what a person answers by loading it again. */
class NotServedError extends Error {
  override name = "NotServedError";
}

export type Crowd = {
  storeUrl: string;
  agent: Agent;
  progress: Progress;
  told: Told[];
  /** Tries that failed and were made again. */
  retries: number;
  /** What a shopper was answered that no shopper should be, each a sentence. */
  surprises: string[];
};

/** What everybody can have: the shelf never runs out of it. */
const fallback = { handle: "pencils", variant: 0, quantity: 1 };
const orderPattern = /\/orders\/(ord_[0-9a-z]{26})\?token=[\w-]+/;
const cancelPatienceMs = 20_000;
const placingRoundsMax = 60;
const missingMax = 30;

/** One person, from the first product to whatever their course is. Whatever dies meanwhile is loaded again. */
export class Shopper {
  readonly #plan: ShopperPlan;
  readonly #crowd: Crowd;
  #browser: Browser;
  #checkoutPage: Answer | undefined;

  constructor(plan: ShopperPlan, crowd: Crowd) {
    this.#plan = plan;
    this.#crowd = crowd;
    this.#browser = new Browser(crowd.storeUrl, crowd.agent);
  }

  async shop(): Promise<void> {
    const { course } = this.#plan;
    let page = await this.#placeOrder();
    let told = await this.#readStripesPage(page);
    if (course === "corrects") {
      await this.#pause();
      page = await this.#checkOut(`${this.#plan.street}, rear`);
      told = await this.#readStripesPage(page);
    }
    await this.#pause();
    if (course === "abandons") return;
    if (course === "declined" || course === "declined, then pays") await this.#pay(page, cards.declined);
    if (course === "declined") return;
    const payments = course === "pays twice" ? [this.#pay(page), this.#pay(page)] : [this.#pay(page)];
    told.hasPaid = (await Promise.all(payments)).some(Boolean);
    if (!told.hasPaid) return void this.#crowd.surprises.push(`${told.orderId} could not be paid on its page.`);
    if (course === "returns late") await pause(8_000);
    await this.#get(`${told.orderPath}&paid=1`);
    // The way to pay is gone, or leads back to the order: nothing is charged again.
    if (course === "pays twice") await this.#payAgain(told);
    if (course === "cancels") await this.#cancel(told);
  }

  /** Somebody for whom too little is left takes what there always is. */
  async #placeOrder(): Promise<string> {
    for (const item of this.#plan.items) await this.#addToCart(item);
    const { street } = this.#plan;
    const isEmpty = !findForm((await this.#get("/checkout")).body, "email");
    if (!isEmpty) return this.#checkOut(street);
    this.#browser = new Browser(this.#crowd.storeUrl, this.#crowd.agent);
    await this.#addToCart(fallback);
    return this.#checkOut(street);
  }

  async #addToCart({ handle, variant, quantity }: ShopperPlan["items"][number]): Promise<void> {
    await this.#persist(async () => {
      const { form, variants } = await openProduct(this.#browser, handle);
      const variantId = variants[variant % Math.max(1, variants.length)] ?? "";
      const path = `/products/${handle}`;
      await this.#served(this.#browser.post(path, form, { variantId, quantity: `${quantity}` }));
    });
    await this.#pause();
  }

  /** Sends the form until it leads to Stripe's page, and answers its address. */
  async #checkOut(line1: string): Promise<string> {
    const { email, country, discountCode, way } = this.#plan;
    const typed = { email, name: "Ada Lovelace", line1, line2: "", postalCode: "SW1Y 4JH", city: "London", country };
    if (discountCode && !this.#checkoutPage) await this.#enterDiscount(discountCode);
    for (let round = 0; round < placingRoundsMax; round++) {
      let answer = await this.#post("/checkout", () => this.#openCheckout(), "email", typed);
      const ways = answer.location ? [] : choicesOf(answer.body, "shipping");
      const shipping = ways[way % Math.max(1, ways.length)];
      if (shipping) {
        const asked = answer;
        answer = await this.#post("/checkout", async () => asked, "email", { ...typed, shipping });
      }
      const { location } = answer;
      if (location?.startsWith("http")) return location;
      // Its page could not be made just now: the order is kept, and its own page has a way to pay.
      if (location) return this.#payFromOrder(location);
      await pause(500);
    }
    throw new Error(`Shopper ${this.#plan.n} got no order.`);
  }

  /** What was ordered is in no cart any more: who corrects something goes back in the browser, to the page from before. */
  async #openCheckout(): Promise<Answer> {
    if (this.#checkoutPage) return this.#checkoutPage;
    const page = await this.#get("/checkout");
    if (findForm(page.body, "email")) this.#checkoutPage = page;
    return page;
  }

  /** Once it is used, the form for it is gone. */
  async #enterDiscount(code: string): Promise<void> {
    await this.#persist(async () => {
      const form = findForm((await this.#get("/checkout")).body, "code");
      if (form) await this.#served(this.#browser.post("/checkout", form, { code }));
    });
  }

  async #payFromOrder(orderPath: string): Promise<string> {
    const [path = "", orderId = ""] = orderPattern.exec(orderPath) ?? [];
    this.#crowd.told.push(this.#newTold(orderId, path));
    const way = path.replace("?", "/payment?");
    for (let round = 0; round < placingRoundsMax; round++) {
      const { location } = await this.#get(way);
      if (location?.startsWith("http") && !location.startsWith(this.#crowd.storeUrl)) return location;
      await pause(500);
    }
    throw new Error(`Order ${orderId} got no page to pay on.`);
  }

  /** Stripe's page names the way back to the order. */
  async #readStripesPage(url: string): Promise<Told> {
    const { origin, pathname } = new URL(url);
    const stripe = new Browser(origin, this.#crowd.agent);
    const { body } = await this.#persist(() => this.#served(stripe.get(pathname)));
    const [orderPath = "", orderId = ""] = orderPattern.exec(body.replaceAll("&amp;", "&")) ?? [];
    const known = this.#crowd.told.find((one) => one.orderId === orderId);
    if (known) return known;
    const told = this.#newTold(orderId, orderPath);
    this.#crowd.told.push(told);
    return told;
  }

  #newTold(orderId: string, orderPath: string): Told {
    return { plan: this.#plan, orderId, orderPath, hasPaid: false, hasCancelled: false };
  }

  /** True when Stripe took the card, now or before. */
  async #pay(page: string, card = this.#plan.card): Promise<boolean> {
    return this.#persist(async () => {
      const paying = await pay(page, card, this.#crowd.agent);
      if (paying.kind === "lost") throw new NotServedError(paying.reason);
      this.#crowd.progress.step();
      // An answer of 200 in place of the form says that it was paid before.
      return paying.kind === "paid" || (paying.kind === "closed" && paying.status === 200);
    });
  }

  async #payAgain({ orderPath }: Told): Promise<void> {
    const { location = "" } = await this.#get(orderPath.replace("?", "/payment?"));
    if (!location.startsWith("http") || location.startsWith(this.#crowd.storeUrl)) return;
    await this.#pay(location);
  }

  /** As soon as the page offers it; often the parcel is packed before. */
  async #cancel(told: Told): Promise<void> {
    const until = performance.now() + cancelPatienceMs;
    while (performance.now() < until) {
      const page = await this.#get(told.orderPath);
      if (page.body.includes("Cancel this order") && findForm(page.body, "orderId")) {
        const answer = await this.#post(told.orderPath, async () => page, "orderId", {});
        told.hasCancelled = alertsOf(answer.body).length === 0 && !answer.body.includes("Cancel this order");
        return;
      }
      await pause(300);
    }
  }

  #get(path: string): Promise<Answer> {
    return this.#persist(() => this.#served(this.#browser.get(path)));
  }

  /** Opens the page that has the form, if it does not lie before them already, and sends it. */
  #post(path: string, open: () => Promise<Answer>, field: string, fields: Record<string, string>): Promise<Answer> {
    let missing = 0;
    return this.#persist(async () => {
      const form: Form | undefined = findForm((await open()).body, field);
      // A page may break off after its first part.
      if (!form && ++missing < missingMax) throw new NotServedError("the page has no form");
      if (!form) throw new Error(`there is no form with ${field} at ${path}`);
      return this.#served(this.#browser.post(path, form, fields));
    });
  }

  async #served(asked: Promise<Answer>): Promise<Answer> {
    const answer = await asked;
    if (answer.status >= 500) throw new NotServedError(`answered ${answer.status}`);
    this.#crowd.progress.step();
    return answer;
  }

  #persist<Result>(work: () => Promise<Result>): Promise<Result> {
    return persist(work, (error) => {
      this.#crowd.retries += 1;
      // The bench's own way to say that a page did not come.
      const isFailed = error instanceof Error && "how" in error && (error.how as { kind: string }).kind === "failed";
      return isFailed || error instanceof ConnectionLostError || error instanceof NotServedError;
    });
  }

  #pause(): Promise<void> {
    return pause(this.#plan.pauseMs);
  }
}
