import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";
import { onTestFinished } from "vitest";
import { type RunningStripe, startStripe } from "@/local/stripe/server";
import type { StripeOptions } from "@/local/stripe/settings";
import { temporaryFolder } from "../../support/temporary-folder";

export const secretKey = "sk_test_local_tests";
export const webhookSecret = "whsec_local_tests";

export type LocalStripe = RunningStripe & {
  stripe: Stripe;
  stateDir: string;
  /** Posts to a control address of this server and answers its JSON. */
  control: (path: string, body?: unknown) => Promise<unknown>;
};

/** Starts a local Stripe with empty state for one test, with the official client pointed at it. */
export async function startLocalStripe(options: Partial<StripeOptions> = {}): Promise<LocalStripe> {
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const running = await startStripe({ port: 0, secretKey, stateDir, ...options });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await running.close();
  };
  onTestFinished(close);
  return {
    ...running,
    close,
    stateDir,
    stripe: clientOf(running),
    control: async (path, body) => {
      const response = await fetch(`${running.url}/_local${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body ?? {}),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
  };
}

export function clientOf(running: { port: number }, config: Stripe.StripeConfig = {}): Stripe {
  return new Stripe(secretKey, {
    host: "127.0.0.1",
    port: running.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
    ...config,
  });
}

export type Received = { body: string; headers: IncomingHttpHeaders; event: Stripe.Event };

/** A store's webhook address that remembers what came and answers what `answer` says (200 unless told). */
export async function openReceiver(answer: (received: Received, count: number) => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const delivery: Received = { body, headers: request.headers, event: JSON.parse(body) as Stripe.Event };
      received.push(delivery);
      response.writeHead(answer(delivery, received.length)).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/stripe`;
  return {
    url,
    received,
    ofType: (type: string) => received.filter(({ event }) => event.type === type),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The same for one test, closed when that is over. */
export async function startReceiver(...answer: Parameters<typeof openReceiver>) {
  const receiver = await openReceiver(...answer);
  onTestFinished(receiver.close);
  return receiver;
}

/** What a shopper types on the hosted page. */
export async function pay(session: { url: string | null }, fields: Record<string, string> = {}): Promise<Response> {
  const form = {
    email: "ada@example.com",
    number: "4242 4242 4242 4242",
    expiry: "12 / 34",
    cvc: "123",
    name: "Ada Lovelace",
    country: "GB",
    ...fields,
  };
  return fetch(session.url ?? "", { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
}

/** A session for one blue mug with shipping, authorised now and captured later. */
export function mugCheckout(
  changes: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    client_reference_id: "ord_1",
    customer_email: "ada@example.com",
    metadata: { order_id: "ord_1" },
    line_items: [
      {
        quantity: 2,
        price_data: { currency: "eur", unit_amount: 1250, product_data: { name: "Blue mug" } },
      },
    ],
    shipping_options: [
      {
        shipping_rate_data: {
          display_name: "Standard",
          type: "fixed_amount",
          fixed_amount: { amount: 490, currency: "eur" },
        },
      },
    ],
    payment_intent_data: { capture_method: "manual", metadata: { order_id: "ord_1" } },
    success_url: "http://127.0.0.1:3000/orders/ord_1?session={CHECKOUT_SESSION_ID}",
    cancel_url: "http://127.0.0.1:3000/cart",
    ...changes,
  };
}
