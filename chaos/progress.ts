type Waiter = { at: number; wake: () => void };

/** Counts what goes on, for those who wait until something has. */
export class Progress {
  #steps = 0;
  readonly #waiters = new Set<Waiter>();

  step(count = 1): void {
    this.#steps += count;
    for (const waiter of this.#waiters) if (this.#steps >= waiter.at) waiter.wake();
  }

  /** Resolves after so many more steps, or after a time. */
  after(steps: number, atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        at: this.#steps + steps,
        wake: () => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const timer = setTimeout(waiter.wake, atMostMs);
      this.#waiters.add(waiter);
    });
  }
}
