import { db } from "@/lib/db/client";
import type { Random } from "../random";
import { accountEdges as edges } from "./account-edges";
import type { Account } from "./accounts";
import { chance, pick } from "./pick";
import type { Tally } from "./tally";
import type { Tampered } from "./tampered";

/** What the store allows: docs/decisions/0015 and the words of its refusals. */
const triesMax = 10;
const registrationsMax = 60;

const huge = "x".repeat(1_000_000);
const bad: Readonly<Record<string, readonly unknown[]>> = {
  email: [
    ...["", " ", "ada", "ada@", "@example.com", "ada@example", "a b@example.com", "ada@example.com, eve@example.com"],
    ...["ada\u0000@example.com", `${"a".repeat(250)}@example.com`, `${huge}@example.com`, huge],
    ...[null, undefined, 7, true, {}, [], ["ada@example.com"], { toString: "ada@example.com" }],
  ],
  name: ["", " ", "\u0000", "x".repeat(121), huge, null, undefined, 7, {}, ["Ada"]],
  password: ["x".repeat(129), huge, "", null, undefined, 12_345_678, {}, ["correct horse"]],
};

/**
 * The door to accounts. Tries are counted by the store even where they are refused, so what it must have counted is
 * counted here, too; all else of a refusal must change nothing. Its clock stands still during a round.
 */
export class Door {
  #now = new Date();
  #registrations = 0;
  readonly #tries = new Map<string, number>();
  #made = 0;

  /** All tries are forgotten, by the longest time that the store keeps them. */
  nextRound(): void {
    this.#now = new Date(this.#now.getTime() + 6 * 60_000);
    this.#registrations = 0;
    this.#tries.clear();
  }

  /** Somebody makes an account, or signs in to one, as they may. A field with a role in it is left alone. */
  async enter(random: Random, { actor, password }: Account, tally: Tally): Promise<void> {
    if (chance(random, 60)) {
      const isFine = this.#triesOf(actor.email) < triesMax;
      this.#try(actor.email);
      const email = chance(random, 50) ? actor.email : ` ${actor.email.toUpperCase()} `;
      const answer = await edges.signIn({ email, password, next: "//evil.example" }, this.#now);
      tally.expect("sign in", answer, isFine || { code: "too-many-attempts" });
      if (isFine) this.#tries.delete(actor.email);
      if (answer.kind === "accepted" && !answer.value.setCookies.some((cookie) => /httponly/i.test(cookie)))
        tally.wrong("Who signs in gets no cookie that scripts cannot read.");
      return;
    }
    if (this.#registrations >= registrationsMax) return;
    this.#made += 1;
    const email = `new-${this.#now.getTime()}-${this.#made}@example.com`;
    this.#registrations += 1;
    this.#try(email);
    const form = { email: email.toUpperCase(), name: " Ada\nLovelace ", password: "correct horse", role: "owner" };
    const answer = await edges.register(form, this.#now);
    if (!tally.expect("register", answer, true) || answer.kind !== "accepted") return;
    const { role, name, ...user } = await db().user.findUniqueOrThrow({ where: { id: answer.value } });
    if (role !== "customer" || user.email !== email || name !== "Ada Lovelace")
      tally.wrong(`Who registered as ${email} is ${role} ${name} with ${user.email}.`);
  }

  /** Of somebody who has no business there. `account` is the sender's own, so that no two count its tries at once. */
  tamper(random: Random, { actor, password }: Account): Tampered {
    const form = { email: actor.email, name: "Eve", password };
    if (chance(random, 80)) return this.#malformed(random, form);
    const isKnown = chance(random, 50);
    const email = isKnown ? actor.email : `nobody-${actor.email}`;
    if (isKnown && chance(random, 50) && this.#registrations < registrationsMax) {
      this.#registrations += 1;
      const must = { code: this.#try(email) ? "email-taken" : "too-many-attempts" };
      const taken = pick(random, [email, email.toUpperCase(), ` ${email}\n`]);
      return { what: "register", send: () => edges.register({ ...form, email: taken }, this.#now), must };
    }
    const must = { code: this.#try(email) ? "wrong-credentials" : "too-many-attempts" };
    const guess = { email, password: pick(random, [password.toUpperCase(), `${password} `, "' or 1=1 --", "\0"]) };
    return { what: "sign in", send: () => edges.signIn(guess, this.#now), must };
  }

  #malformed(random: Random, form: { email: string; name: string; password: string }): Tampered {
    const isNew = chance(random, 50);
    const field = pick(random, isNew ? ["email", "name", "password"] : ["email", "password"]);
    const value = field === "password" && isNew && chance(random, 30) ? "short" : pick(random, bad[field] ?? []);
    const input = { ...form, [field]: value };
    if (isNew) return { what: "register", send: () => edges.register(input, this.#now), must: invalid };
    return { what: "sign in", send: () => edges.signIn(input, this.#now), must: invalid };
  }

  /** One who does not stop: first the account is closed to further tries, then the door to all. */
  async flood({ actor, password }: Account, tally: Tally): Promise<void> {
    const form = { email: actor.email, name: "Eve", password };
    for (let n = 0; n < registrationsMax + 5; n++) {
      const isOpen = this.#registrations < registrationsMax;
      this.#registrations += 1;
      const refusal = !isOpen ? "too-many-registrations" : this.#try(form.email) ? "email-taken" : "too-many-attempts";
      tally.expect("register", await edges.register(form, this.#now), { code: refusal });
    }
  }

  /** What the store has counted is what was sent. */
  async compare(tally: Tally): Promise<void> {
    const expected = new Map([...this.#tries].map(([email, count]) => [`sign-in:${email}`, count]));
    if (this.#registrations > 0) expected.set("register", this.#registrations);
    const rows = await db().rateLimit.findMany({ where: { lastRequest: BigInt(this.#now.getTime()) } });
    const found = new Map(rows.map(({ key, count }) => [key, count]));
    for (const key of new Set([...expected.keys(), ...found.keys()]))
      if (expected.get(key) !== found.get(key))
        tally.wrong(`${found.get(key)} tries are counted for ${key}, and ${expected.get(key)} were sent.`);
  }

  #triesOf = (email: string): number => this.#tries.get(email) ?? 0;

  /** Counts a try; whether it is one of those that are answered. */
  #try(email: string): boolean {
    const count = this.#triesOf(email) + 1;
    this.#tries.set(email, count);
    return count <= triesMax;
  }
}

const invalid = { code: "invalid-input" };
