import { vi } from "vitest";
import { connectionsMax } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";

/** How long a transaction waits for its turn. */
const waitMaxMs = 15_000;

/** Does `work` while transactions that last as long as it have every turn. Whoever waits for one has waited too long at once. */
export async function whileDatabaseIsBusy<T>(work: () => Promise<T>): Promise<T> {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const holders = Array.from({ length: connectionsMax - 2 }, () => transaction(() => ended));
  const soon = globalThis.setTimeout;
  const spy = vi.spyOn(globalThis, "setTimeout");
  spy.mockImplementation(((run: () => void, ms?: number) => soon(run, ms === waitMaxMs ? 0 : ms)) as typeof setTimeout);
  try {
    return await work();
  } finally {
    spy.mockRestore();
    end();
    await Promise.all(holders);
  }
}
