import { db } from "@/lib/db/client";

/**
 * How long each transaction of this process takes from now on, from asking for a connection to the end of the commit or
 * the rollback, in milliseconds. Measured from outside: the store knows nothing of it.
 */
export function timeTransactions(): { take(): number[]; stop(): void } {
  const client = db();
  const { $transaction } = client;
  let times: number[] = [];
  const timed = async (...args: unknown[]) => {
    const from = performance.now();
    try {
      return await ($transaction as (...args: unknown[]) => Promise<unknown>).apply(client, args);
    } finally {
      times.push(performance.now() - from);
    }
  };
  Object.assign(client, { $transaction: timed });
  return {
    take: () => {
      const taken = times;
      times = [];
      return taken;
    },
    stop: () => Object.assign(client, { $transaction }),
  };
}
