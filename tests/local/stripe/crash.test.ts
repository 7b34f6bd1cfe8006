import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test, vi } from "vitest";
import type { StripeOptions } from "@/local/stripe/settings";
import { temporaryFolder } from "../../support/temporary-folder";
import { clientOf, mugCheckout, pay, secretKey, startLocalStripe, startReceiver, webhookSecret } from "./local-stripe";

test("a server killed with SIGKILL loses nothing it answered, and sends the events it owed", async () => {
  const stateDir = await temporaryFolder();
  const receiver = await startReceiver();
  const doomed = await startProcess(stateDir, { url: "http://127.0.0.1:1/", secret: webhookSecret });
  const stripe = clientOf(doomed);
  const session = await stripe.checkout.sessions.create(mugCheckout(), { idempotencyKey: "pay_1:session" });
  await pay(session);
  const { payment_intent: intentId } = await stripe.checkout.sessions.retrieve(session.id);
  await stripe.paymentIntents.capture(String(intentId));

  doomed.child.kill("SIGKILL");
  await once(doomed.child, "exit");
  const webhook = { url: receiver.url, secret: webhookSecret, retryDelaysMs: [20] };
  const restarted = await startLocalStripe({ stateDir, webhook });

  expect(await restarted.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: "paid" });
  const again = await restarted.stripe.checkout.sessions.create(mugCheckout(), { idempotencyKey: "pay_1:session" });
  expect(again.id).toBe(session.id);
  await vi.waitFor(() => expect(receiver.received).toHaveLength(6), { timeout: 10_000, interval: 20 });
});

test("an answer is on disk before it is sent", async () => {
  const stateDir = await temporaryFolder();
  const doomed = await startProcess(stateDir);
  const intent = await clientOf(doomed).paymentIntents.create({ amount: 2000, currency: "eur" });

  doomed.child.kill("SIGKILL");
  await once(doomed.child, "exit");

  const { stripe } = await startLocalStripe({ stateDir });
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ amount: 2000 });
});

/** The same server in a process of its own. */
async function startProcess(stateDir: string, webhook?: StripeOptions["webhook"]) {
  const script = `
    import { startStripe } from "./local/stripe/server.ts";
    const { port } = await startStripe(${JSON.stringify({ port: 0, secretKey, stateDir, webhook })});
    console.log(port);
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, port: Number(line) };
}
