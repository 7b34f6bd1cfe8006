import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "../processes";
import { Random } from "../random";

/** What becomes of the messages on their way; the seed decides, in the order in which they first come. */
const copiesMax = 5;
const lateMaxMs = 3_000;
const refusedWeights = { not: 80, once: 14, twice: 6 };
const refusals = { not: 0, once: 1, twice: 2 } as const;

export type WebhookProxy = {
  url: string;
  /** Events that were seen, and how often one of them was handed to the store. */
  counts: { events: number; deliveries: number; refused: number };
  /** From now on each message goes through once and at once. Resolves when no copy is under way any more. */
  calm: () => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Stands between Stripe and the store: each message arrives 1 to 5 times, late, and thereby out of order. Some are
 * refused first, so that Stripe sends them again later. Stripe hears what the store said to the first of the copies.
 */
export async function startWebhookProxy(target: string, seed: number): Promise<WebhookProxy> {
  const random = new Random(seed);
  const refusalsLeft = new Map<string, number>();
  const copies = new Set<Promise<unknown>>();
  const counts = { events: 0, deliveries: 0, refused: 0 };
  let isCalm = false;

  const deliver = async (body: string, signature: string): Promise<number> => {
    counts.deliveries += 1;
    const headers = { "content-type": "application/json", "stripe-signature": signature };
    const answer = await fetch(target, { method: "POST", headers, body, signal: AbortSignal.timeout(30_000) });
    await answer.arrayBuffer();
    return answer.status;
  };

  async function copyLater(body: string, signature: string, delayMs: number): Promise<void> {
    await pause(delayMs);
    // A copy that nobody takes is one copy less: the first one counts.
    await deliver(body, signature).catch(() => undefined);
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const signature = String(request.headers["stripe-signature"]);
    const { id } = JSON.parse(body) as { id: string };
    if (!isCalm && !refusalsLeft.has(id)) {
      counts.events += 1;
      refusalsLeft.set(id, refusals[random.weighted(refusedWeights)]);
      const delays = Array.from({ length: random.between(1, copiesMax) }, () => random.between(0, lateMaxMs));
      const [first = 0, ...others] = delays;
      for (const delayMs of others) {
        const copy = copyLater(body, signature, delayMs);
        copies.add(copy);
        void copy.finally(() => copies.delete(copy));
      }
      await pause(first);
    }
    const left = refusalsLeft.get(id) ?? 0;
    if (!isCalm && left > 0) {
      counts.refused += 1;
      refusalsLeft.set(id, left - 1);
      return void response.writeHead(503).end();
    }
    const status = await deliver(body, signature).catch(() => 502);
    response.writeHead(status).end();
  }

  const server = createServer((request, response) => {
    void pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    counts,
    calm: async () => {
      isCalm = true;
      await Promise.all(copies);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  return text;
}
