import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { type Raised, raiseFinding } from "@/lib/findings/raise-finding";
import { type FindingId, newId, type OrderId } from "@/lib/ids";
import type { Random } from "../random";
import { grace, staffEdges, strangers } from "./edges";
import { nonsense } from "./nonsense";
import { pick } from "./pick";
import type { Tally } from "./tally";
import type { Tampered, Targets } from "./tampered";

/** What a person has to look at, and what was decided. */
export class Findings {
  readonly open: FindingId[] = [];
  readonly resolved: FindingId[] = [];
  readonly #raised = new Map<FindingId, Raised>();

  /** Something is raised; staff resolve what was raised before, and it is raised once more, which opens nothing again. */
  async round(random: Random, orderId: string | undefined, tally: Tally): Promise<void> {
    this.open.push(await this.#raise(orderId), await this.#raise(undefined));
    const findingId = pick(random, this.open);
    const input = { findingId, note: " Called\nthe bank. ", state: "open", resolvedBy: "system" };
    const answer = await staffEdges.resolveFinding(grace, input);
    if (!tally.expect("resolveFinding", answer, true)) return;
    this.open.splice(this.open.indexOf(findingId), 1);
    this.resolved.push(findingId);
    const isNew = await raiseFinding(this.#raised.get(findingId) as Raised, new Date());
    const { state, resolvedBy, note } = await db().finding.findUniqueOrThrow({ where: { id: findingId } });
    const entries = await db().auditEntry.count({ where: { action: "finding.resolve", subject: findingId } });
    const found = JSON.stringify({ isNew, state, resolvedBy, note, entries });
    const right = { isNew: false, state: "resolved", resolvedBy: `staff:${grace.userId}`, note: "Called the bank." };
    if (found !== JSON.stringify({ ...right, entries: 1 })) tally.wrong(`A resolved finding is ${found}.`);
  }

  /** A decision that was made before, or that is not the sender's to make. */
  tamper(random: Random, { account }: Targets): Tampered {
    const note = "Nothing to see here.";
    const open = pick(random, [...this.open, newId("finding")]);
    const [actor, input, code] = pick<() => [Actor, unknown, string]>(random, [
      () => [grace, { findingId: pick(random, [...this.resolved, newId("finding")]), note }, "finding-resolved"],
      () => [grace, { findingId: pick(random, [...this.resolved, newId("finding")]), note }, "finding-resolved"],
      () => [pick(random, [...strangers, account.actor]), { findingId: open, note }, "not-allowed"],
      () => [grace, { findingId: open, note: pick<unknown>(random, badNotes) }, "invalid-input"],
      () => [grace, { findingId: open }, "invalid-input"],
      () => [grace, { findingId: pick<unknown>(random, [nonsense(random), `${open}x`]), note }, "invalid-input"],
    ])();
    return { what: "resolveFinding", send: () => staffEdges.resolveFinding(actor, input), must: { code } };
  }

  async #raise(orderId: string | undefined): Promise<FindingId> {
    const raised: Raised = {
      kind: "order-stuck",
      subject: `fuzz-${this.#raised.size}`,
      orderId: (orderId as OrderId | undefined) ?? null,
      message: "Somebody has to look.",
    };
    await raiseFinding(raised, new Date());
    const { id } = await db().finding.findUniqueOrThrow({ where: { key: `${raised.kind}:${raised.subject}` } });
    this.#raised.set(id as FindingId, raised);
    return id as FindingId;
  }
}

const badNotes = ["", " ", "\u0000", "x".repeat(501), "x".repeat(1_000_000), null, 7, {}, ["It is fine."]];
