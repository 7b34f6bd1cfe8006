/** A clock of the store and of the local Stripe that can be moved ahead of the machine's. */
export class MovedClock {
  #aheadMs = 0;

  readonly now = (): Date => new Date(Date.now() + this.#aheadMs);

  /** Both go ahead; what runs out at Stripe meanwhile, runs out. */
  async advance(byMs: number): Promise<void> {
    const answer = await fetch(`${process.env.STRIPE_API_URL}/_local/clock`, {
      method: "POST",
      body: JSON.stringify({ advanceMs: byMs }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    this.#aheadMs += byMs;
  }
}
