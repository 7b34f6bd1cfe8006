import type { StaffActor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { DomainError } from "@/lib/errors";
import type { OrderId, OrderLineId, ReviewId } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { markDelivered } from "@/lib/orders/mark-delivered";
import { markShipped } from "@/lib/orders/mark-shipped";
import { refundOrder } from "@/lib/orders/refund-order";
import { requestReturn } from "@/lib/orders/request-return";
import { receiveReturn } from "@/lib/orders/settle-return";
import { relayOutbox } from "@/lib/outbox/relay-outbox";
import { pause } from "../processes";
import type { Progress } from "../progress";
import type { Told } from "./shopper";
import type { StaffAct } from "./traffic";

type Standing = { status: string; paymentStatus: string };
type Act = Exclude<StaffAct, "nothing">;

const everyMs = 300;
/** So many orders are looked at in a round. */
const atOnce = 6;

/** How an order must stand for what is planned; a parcel that is to come back has to leave first. */
const readyAt: Record<Act, readonly string[]> = {
  ship: ["fulfilling"],
  deliver: ["fulfilling", "shipped"],
  "refund a part": ["confirmed", "fulfilling", "shipped", "delivered"],
  "refund the rest": ["confirmed", "fulfilling", "shipped", "delivered"],
  cancel: ["pending", "confirmed", "fulfilling"],
  "take back": ["fulfilling", "shipped", "delivered"],
};

/**
 * The people at the store: they do with each order what the plan says once it stands so, decide what waits for a
 * decision, and try again when something fails. They call the use cases of the admin's buttons.
 */
export class Staff {
  readonly acts = new Map<Act, number>();
  readonly #actor: StaffActor;
  readonly #progress: Progress;
  readonly #corrected = new Set<string>();
  #waiting: Told[] = [];
  #isOver = false;
  #life: Promise<void> | undefined;

  constructor(actor: StaffActor, progress: Progress) {
    this.#actor = actor;
    this.#progress = progress;
  }

  /** An order that they have to do with from now on. */
  hear(told: Told): void {
    if (told.plan.staffAct !== "nothing") this.#waiting.push(told);
  }

  work(): void {
    this.#life = this.#live();
  }

  /** Resolves when they have put down what they are at. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#life;
  }

  /** All that can be done now, once more, without waiting for the rest. */
  async finish(): Promise<void> {
    await this.#decideAll();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const told of waiting) if (!(await this.#tryAct(told))) this.#waiting.push(told);
  }

  async #live(): Promise<void> {
    while (!this.#isOver) {
      const turn = this.#waiting.splice(0, atOnce);
      try {
        await this.#decideAll();
        for (const told of turn) if (!(await this.#tryAct(told))) this.#waiting.push(told);
      } catch {
        // The database is away: whatever was not done is done later.
        this.#waiting.push(...turn);
      }
      await pause(everyMs);
    }
  }

  /** True when there is nothing left to do with the order. */
  async #tryAct({ orderId, plan }: Told): Promise<boolean> {
    const id = orderId as OrderId;
    const act = plan.staffAct as Act;
    const order = await db().order.findUnique({ where: { id } });
    if (!order || !this.#isReady(act, order)) return false;
    try {
      await this.#perform(act, id, order);
    } catch (error) {
      // It has moved on meanwhile, or a try before has done it after all.
      if (!(error instanceof DomainError)) return false;
      if (error.code === "cancel-unavailable") return false;
      return true;
    } finally {
      await relayOutbox({ now: new Date() }).catch(() => undefined);
    }
    this.acts.set(act, (this.acts.get(act) ?? 0) + 1);
    this.#progress.step();
    return true;
  }

  #isReady(act: Act, { status, paymentStatus }: Standing): boolean {
    const needsMoney = act !== "cancel" || status !== "pending";
    return readyAt[act].includes(status) && (!needsMoney || paymentStatus === "paid");
  }

  async #perform(act: Act, orderId: OrderId, order: Standing): Promise<void> {
    const asked = { actor: this.#actor, orderId, now: new Date() };
    switch (act) {
      case "ship":
        return markShipped(asked);
      case "deliver":
        if (order.status === "fulfilling") await markShipped(asked);
        return markDelivered(asked);
      case "cancel":
        return cancelOrder(asked);
      case "refund a part": {
        const wish = { kind: "amount", amount: money(100, "EUR") } as const;
        return void (await refundOrder({ ...asked, wish, reason: "requested_by_customer" }));
      }
      case "refund the rest":
        return void (await refundOrder({ ...asked, wish: { kind: "rest" }, reason: "other" }));
      case "take back":
        if (order.status === "fulfilling") await markShipped(asked);
        return this.#takeBack(asked);
    }
  }

  async #takeBack(asked: { actor: StaffActor; orderId: OrderId; now: Date }): Promise<void> {
    const lines = await db().orderLine.findMany({ where: { orderId: asked.orderId } });
    const pieces = lines.map(({ id, quantity }) => ({ orderLineId: id as OrderLineId, quantity }));
    const returnId = await requestReturn({ ...asked, lines: pieces, reason: "It does not fit." });
    const arrived = pieces.map(({ orderLineId, quantity }) => ({ orderLineId, received: quantity, restocked: 1 }));
    await receiveReturn({ actor: asked.actor, returnId, lines: arrived, now: asked.now });
  }

  /** Every tenth is refused and cancelled, and so is a parcel that the carrier does not take with a right address either. */
  async #decideAll(): Promise<void> {
    const reviews = await db().orderReview.findMany({ where: { state: "waiting" }, include: { order: true } });
    for (const { id, orderId, kind, order } of reviews) {
      const asked = { actor: this.#actor, orderId: orderId as OrderId, reviewId: id as ReviewId, now: new Date() };
      const correction = {
        name: "Ada Lovelace",
        line1: "12 St James’s Square",
        city: "London",
        postalCode: "SW1Y 4JH",
      };
      try {
        const isHopeless = kind === "parcel" && this.#corrected.has(orderId);
        if (order.number % 10 === 0 || isHopeless) {
          await refuseReview({ ...asked, reason: "We cannot deliver this." });
          await cancelOrder(asked);
        } else {
          await approveReview(kind === "parcel" ? { ...asked, correction } : asked);
          if (kind === "parcel") this.#corrected.add(orderId);
        }
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
      }
      await relayOutbox({ now: new Date() }).catch(() => undefined);
      this.#progress.step();
    }
  }
}
