import type pg from "pg";
import type Stripe from "stripe";
import { type AuditResult, audit } from "@/audit/audit";
import { handledEventTypes } from "@/lib/webhooks/event-handlers";
import type { Mortal } from "./mortal";
import type { Attempt, Platform } from "./platform";
import { isStep, type StepEnd, type StepInput, type StepName, type StepOutput } from "./steps";
import type { World } from "./world";

/** Where the process dies: the `occurrence`th time the play comes by this point, and then `times - 1` more. */
export type Plan = { point: string; occurrence: number; times: 1 | 2 };

const minuteMs = 60_000;
/** A point, and where the play came by it: which step, how the order stood, and how often that step had passed it. */
export type Passed = { point: string; where: string };

/** Steps of one play; a play that needs more goes in circles. */
const stepsMax = 400;

/**
 * The store during one play, and the world that drives it on: the platform with its clock, Stripe that delivers until it
 * is heard, and people who look at the page again when there was no answer.
 */
export class Store {
  readonly passed: Passed[] = [];
  readonly stories: string[] = [];
  deaths = 0;
  readonly sql: pg.Client;
  readonly stripe: Stripe;
  readonly #world: World;
  readonly #mortal: Mortal;
  readonly #platform: Platform;
  readonly #plan: Plan | undefined;
  readonly #delivered = new Set<string>();
  #waiting: Attempt[] = [];
  #somebody: () => Promise<boolean> = async () => false;
  #offsetMs = 0;
  #steps = 0;
  #needsSweeps = false;

  constructor(world: World, mortal: Mortal, plan: Plan | undefined) {
    this.#world = world;
    this.#mortal = mortal;
    this.#platform = world.platform;
    this.#plan = plan;
    this.sql = world.sql;
    this.stripe = world.stripe;
  }

  /**
   * Somebody does something and waits for the answer. Without one they look: `seen` says what the page shows when it is
   * done; where it is not, they do it again.
   */
  async act<Name extends StepName>(
    name: Name,
    input: StepInput<Name>,
    seen: () => Promise<StepOutput<Name> | undefined> = async () => undefined,
  ): Promise<StepOutput<Name>> {
    for (;;) {
      const end = await this.#live(name, input);
      if (end === "died") {
        const found = await seen();
        if (found !== undefined) return found;
      } else if ("value" in end) return end.value as StepOutput<Name>;
      else throw new Error(`${name} was refused: ${end.refused}`);
    }
  }

  /** The same, for what answers nothing. */
  async press<Name extends StepName>(
    name: Name,
    input: StepInput<Name>,
    isDone: () => Promise<boolean>,
  ): Promise<void> {
    let done = false;
    while (!done) {
      const end = await this.#live(name, input);
      if (end === "died") done = await isDone();
      else if ("value" in end) done = true;
      else throw new Error(`${name} was refused: ${end.refused}`);
    }
  }

  async #live(name: StepName, input: unknown): Promise<StepEnd | "died"> {
    this.#steps += 1;
    if (this.#steps > stepsMax)
      throw new Error(`The play does not come to its end: ${this.stories.slice(-5).join("; ")}`);
    const plan = this.#plan;
    const before = this.passed.filter(({ point }) => point === plan?.point).length;
    const state = await this.#state();
    const step = `${name}${noticeOf(input)}`;
    const passing = this.deaths === 0 ? (plan?.occurrence ?? 0) - before : 1;
    const death = plan && this.deaths < plan.times ? { point: plan.point, passing } : undefined;
    const life = await this.#mortal.live({ name, input, clockMs: this.#offsetMs }, death);
    for (const [index, point] of life.passed.entries()) {
      const nth = life.passed.slice(0, index + 1).filter((passed) => passed === point).length;
      // What the relay does after a step does not depend on the step, but on what waits.
      const who = point.startsWith("relay-outbox") ? "relay" : step;
      this.passed.push({ point, where: `${who} of ${state}: ${point}${nth > 1 ? ` (${nth})` : ""}` });
    }
    if (life.end === "died") {
      this.deaths += 1;
      this.#needsSweeps = true;
      this.stories.push(`died in ${this.passed.at(-1)?.where}`);
    }
    return life.end;
  }

  /**
   * For the names of points, which are those of the play without a death. While an order waits for its saved card, the
   * card is part of how it stands: its number says what the bank answers.
   */
  async #state(): Promise<string> {
    if (this.#plan) return "an order";
    const { rows } = await this.sql.query<{ state: string }>(
      `select concat_ws(' ', status, payment_status, refund_status, case when payment_status <> 'paid' then (
         select case when payment.state = 'created' then concat_ws(' ', 'for card', last4, card.state) else 'after a card' end
         from payment join saved_card card on card.id = saved_card_id where order_id = o.id) end) as state
       from "order" o`,
    );
    return rows[0]?.state ?? "no order";
  }

  /**
   * Lets everything happen that happens by itself, until nothing does. `somebody` looks in whenever it has come to rest,
   * and says whether they did something.
   */
  async drain(somebody: () => Promise<boolean> = async () => false): Promise<void> {
    this.#somebody = somebody;
    await this.#settle();
    for (let round = 0; this.#needsSweeps; round++) {
      if (round > 5) throw new Error(`The sweeps do not come to their end: ${this.stories.join("; ")}`);
      this.#needsSweeps = false;
      await this.#sweep();
    }
  }

  /** Time passes, and the schedules do their work: after two minutes, after twelve, and as long as that moves something. */
  async #sweep(): Promise<void> {
    for (const ms of [2 * minuteMs, 12 * minuteMs, 61 * minuteMs]) {
      await this.pass(ms);
      for (const name of ["relay", "expireHolds", "resume"] as const) await this.#live(name, {});
      const hasMoved = await this.#settle();
      if (!hasMoved && ms > 2 * minuteMs) return;
    }
  }

  /** The clock goes on, here and at Stripe. */
  async pass(ms: number): Promise<void> {
    this.#offsetMs += ms;
    await this.#world.control("stripe", "/clock", { advanceMs: ms });
  }

  /** The clock goes on, and the schedules with it. */
  async sweepAfter(ms: number): Promise<void> {
    await this.pass(ms);
    this.#needsSweeps = true;
    await this.drain();
  }

  async #settle(): Promise<boolean> {
    for (let hasMoved = false; ; hasMoved = true) {
      const delivered = await this.#deliver();
      const worked = await this.#work();
      if (!delivered && !worked && !(await this.#somebody())) return hasMoved;
    }
  }

  /** Stripe sends what has happened, until it is answered. */
  async #deliver(): Promise<boolean> {
    const { data } = await this.stripe.events.list({ limit: 100 });
    const fresh = data.filter(({ id, type }) => !this.#delivered.has(id) && handledEventTypes.includes(type)).reverse();
    for (const event of fresh) {
      for (;;) {
        const end = await this.#live("receive", { event: JSON.parse(JSON.stringify(event)) });
        if (end === "died") continue;
        if ("refused" in end) throw new Error(`An event was refused: ${end.refused}`);
        break;
      }
      this.#delivered.add(event.id);
    }
    return fresh.length > 0;
  }

  async #work(): Promise<boolean> {
    const attempts = await this.#platform.take();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const attempt of waiting) {
      const resumed = await this.#platform.resumed(attempt);
      if (resumed) attempts.push(resumed);
      else this.#waiting.push(attempt);
    }
    for (const attempt of attempts) await this.#run(attempt);
    return attempts.length > 0;
  }

  /**
   * One attempt of a run. A first death is where the play has two is taken for a worker that went silent, so that the
   * platform tries again; the last one kills a process, which ends its run: then it is for the sweeps.
   */
  async #run(attempt: Attempt): Promise<void> {
    const { taskId, payload, number } = attempt;
    if (!isStep(taskId)) throw new Error(`Nobody knows the task ${taskId}`);
    const end = await this.#live(taskId, payload);
    if (end === "died") {
      const again = this.deaths < (this.#plan?.times ?? 0);
      if (!again) return this.#platform.crash(attempt);
      const next = await this.#platform.fail(attempt, "stalled", { again });
      if (next) await this.#run(next);
      return;
    }
    if ("value" in end) {
      const token = (end.value as { waitsFor?: string } | null)?.waitsFor;
      if (token === undefined) return this.#platform.complete(attempt);
      await this.#platform.waitFor(attempt, token);
      this.#waiting.push(attempt);
      return;
    }
    this.stories.push(`${taskId} failed: ${end.refused}`);
    this.#needsSweeps = true;
    const next = await this.#platform.fail(attempt, end.refused, { again: !end.isFinal && number < 3 });
    if (next) await this.#run(next);
  }

  audit(): Promise<AuditResult> {
    return audit({ ...this.#world.auditAccess, now: new Date(Date.now() + this.#offsetMs) });
  }
}

function noticeOf(input: unknown): string {
  const { notice, event } = input as { notice?: string; event?: { type: string } };
  const about = notice ?? event?.type;
  return about ? ` ${about}` : "";
}
