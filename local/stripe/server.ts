import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type HttpBindings, serve } from "@hono/node-server";
import { Hono } from "hono";
import { type App, serveApi } from "./api";
import { clockNow } from "./clock";
import { planFaults } from "./faults";
import { pruneSavedAnswers } from "./idempotency";
import { balanceTransactionRoutes } from "./routes/balance-transactions";
import { chargeRoutes } from "./routes/charges";
import { checkoutSessionRoutes } from "./routes/checkout-sessions";
import { serveControl } from "./routes/control";
import { customerRoutes } from "./routes/customers";
import { serveDashboard } from "./routes/dashboard";
import { disputeRoutes } from "./routes/disputes";
import { eventRoutes } from "./routes/events";
import { serveHostedChallenge } from "./routes/hosted-challenge";
import { serveHostedCheckout } from "./routes/hosted-checkout";
import { invoiceItemRoutes } from "./routes/invoice-items";
import { invoicePaymentRoutes } from "./routes/invoice-payments";
import { invoiceRoutes } from "./routes/invoices";
import { paymentIntentRoutes } from "./routes/payment-intents";
import { paymentMethodRoutes } from "./routes/payment-methods";
import { planRoutes } from "./routes/plans";
import { priceRoutes } from "./routes/prices";
import { productRoutes } from "./routes/products";
import { refundRoutes } from "./routes/refunds";
import { setupIntentRoutes } from "./routes/setup-intents";
import { subscriptionRoutes } from "./routes/subscriptions";
import { checkOptions, type StripeOptions } from "./settings";
import { openStore } from "./store";
import { sweep } from "./sweep";
import { startDeliverer } from "./webhooks/deliverer";
import { errorBody } from "./wire";
import type { World } from "./world";

const sweepEveryMs = 1_000;

export type RunningStripe = { url: string; port: number; close: () => Promise<void> };

/**
 * Starts the local Stripe on 127.0.0.1: the API for the official SDK, the hosted checkout for shoppers, signed
 * webhooks, and a page at `/` that shows all of it. What it acknowledged survives `kill -9`.
 */
export async function startStripe(options: StripeOptions): Promise<RunningStripe> {
  checkOptions(options);
  const app: App = new Hono<{ Bindings: HttpBindings }>();
  // The port first: whoever has it may be another local Stripe with the same files, which must stay untouched then.
  const server = await listen(app, options.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  try {
    const closeWorld = serveWorld(app, options, url);
    return {
      url,
      port,
      async close() {
        await closeServer(server);
        await closeWorld();
      },
    };
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}

function serveWorld(app: App, options: StripeOptions, url: string): () => Promise<void> {
  mkdirSync(options.stateDir, { recursive: true });
  const store = openStore(options.stateDir);
  pruneSavedAnswers(store, clockNow(store));
  store.commit();
  const deliverer = startDeliverer(store, options.webhook);
  const closing = new AbortController();
  const world: World = {
    options,
    store,
    deliverer,
    faults: planFaults(),
    closing: closing.signal,
    publicUrl: (options.publicUrl ?? url).replace(/\/$/, ""),
  };
  serveAll(app, world);
  const sweeper = setInterval(() => sweep(world), sweepEveryMs);
  sweeper.unref();
  return async () => {
    closing.abort();
    clearInterval(sweeper);
    await deliverer.close();
    store.close();
  };
}

function serveAll(app: App, world: World): void {
  app.onError((error, http) => {
    console.error("local stripe:", error);
    const message = `The local Stripe failed on this request, which is a bug in it: ${error.message}`;
    return http.json(errorBody({ type: "api_error", message }), 500);
  });
  app.notFound((http) => {
    const message = `Unrecognized request URL (${http.req.method}: ${http.req.path}).`;
    return http.json(errorBody({ type: "invalid_request_error", message }), 404);
  });
  serveApi(app, world, [
    ...balanceTransactionRoutes,
    ...chargeRoutes,
    ...checkoutSessionRoutes,
    ...customerRoutes,
    ...disputeRoutes,
    ...eventRoutes,
    ...invoiceItemRoutes,
    ...invoicePaymentRoutes,
    ...invoiceRoutes,
    ...paymentIntentRoutes,
    ...paymentMethodRoutes,
    ...planRoutes,
    ...priceRoutes,
    ...productRoutes,
    ...refundRoutes,
    ...setupIntentRoutes,
    ...subscriptionRoutes,
  ]);
  serveHostedCheckout(app, world);
  serveHostedChallenge(app, world);
  serveControl(app, world);
  serveDashboard(app, world);
}

function listen(app: App, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }) as Server;
    server.once("listening", () => resolve(server));
    server.once("error", reject);
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}
