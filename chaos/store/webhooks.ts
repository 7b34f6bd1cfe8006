import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyStripeEvent } from "@/lib/payments/verify-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";

/** Where Stripe's messages come in, as at the store's route: verified over the bytes as they came, kept, answered. */
export async function serveWebhooks(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", async () => {
      const answer = (status: number) => outgoing.writeHead(status).end();
      try {
        const signature = incoming.headers["stripe-signature"];
        const body = Buffer.concat(chunks).toString("utf8");
        await receiveStripeEvent(verifyStripeEvent(body, typeof signature === "string" ? signature : null));
        answer(200);
      } catch {
        answer(500); // Stripe sends it again
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/stripe`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
