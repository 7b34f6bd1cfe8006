import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { relayOutbox } from "@/lib/outbox/relay-outbox";

/** Serves the store's webhook route as Next would: its answer first, then what was put into the outbox is sent. */
export async function serveWebhooks(
  post: (request: Request) => Promise<Response>,
  afterwards: () => Promise<unknown> = () => relayOutbox({ now: new Date() }),
): Promise<{ url: string; close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", async () => {
      const headers = Object.entries(incoming.headers).map(
        ([name, value]) => [name, String(value)] as [string, string],
      );
      const request = new Request("http://localhost:3000/api/webhooks/stripe", {
        method: "POST",
        headers,
        body: Buffer.concat(chunks),
      });
      const answer = await post(request).catch(() => new Response(null, { status: 500 }));
      outgoing.writeHead(answer.status).end(await answer.text());
      await afterwards();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/stripe`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
