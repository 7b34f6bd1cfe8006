import type Stripe from "stripe";
import type { App } from "../api";
import type { Call } from "../call";
import { answerChallenge } from "../checkout/pay-session";
import { idOf } from "../ids";
import { formatAmount } from "../pages/layout";
import { challengePage, messagePage } from "../pages/message-page";
import { attemptPayment, failChallenge } from "../payments/attempt-payment";
import { findSessionOf } from "../payments/settle-session";
import { answerSetup } from "../setup/confirm-setup";
import { sweep } from "../sweep";
import { change, type World } from "../world";

/** The bank's page of a 3D Secure challenge, for payments of the hosted checkout and for those confirmed by the API. */
export function serveHostedChallenge(app: App, world: World): void {
  app.get("/c/challenge/:intent", (http) => {
    sweep(world);
    const setup = world.store.setupIntents.get(http.req.param("intent"));
    if (setup?.status === "requires_action") {
      return http.html(challengePage({ action: `/c/challenge/${setup.id}`, amount: "nothing now, and more later" }));
    }
    const intent = world.store.paymentIntents.get(http.req.param("intent"));
    if (intent?.status !== "requires_action") return http.html(overPage(), 404);
    const amount = formatAmount(intent.amount, intent.currency);
    return http.html(challengePage({ action: `/c/challenge/${intent.id}`, amount }));
  });

  app.post("/c/challenge/:intent", async (http) => {
    const { answer } = await http.req.parseBody();
    sweep(world);
    const setup = world.store.setupIntents.get(http.req.param("intent"));
    const intent = world.store.paymentIntents.get(http.req.param("intent"));
    if (!intent && !setup) return http.html(overPage(), 404);
    const next = change(world, (call) => {
      if (!intent) return setup ? answerForSetup(call, setup, answer === "complete") : null;
      const session = findSessionOf(call, intent.id);
      if (!session) return answerPlain(call, intent, answer === "complete");
      answerChallenge(call, session, answer === "complete");
      // The session's page knows what to say next, and where a paid shopper goes.
      return `/c/pay/${session.id}/return`;
    });
    if (next === null) return http.html(overPage(), 404);
    return next === "nowhere" ? http.html(answeredPage()) : http.redirect(next, 303);
  });
}

/** A payment confirmed by the API goes back to its `return_url`, if it has one, whatever the answer. Null when it no longer waits. */
function answerPlain(call: Call, intent: Stripe.PaymentIntent, passed: boolean): string | null {
  const method = call.store.paymentMethods.get(idOf(intent.payment_method) ?? "");
  const returnUrl = intent.next_action?.redirect_to_url?.return_url;
  if (intent.status !== "requires_action" || !method) return null;
  if (passed) attemptPayment(call, { intent, method, authenticated: true });
  else failChallenge(call, intent, method);
  return returnUrl ? wayBack(returnUrl, "payment_intent", intent, passed) : "nowhere";
}

/** The same for a card that is only to be kept. */
function answerForSetup(call: Call, intent: Stripe.SetupIntent, passed: boolean): string | null {
  if (intent.status !== "requires_action") return null;
  const returnUrl = intent.next_action?.redirect_to_url?.return_url;
  answerSetup(call, intent, passed);
  return returnUrl ? wayBack(returnUrl, "setup_intent", intent, passed) : "nowhere";
}

function wayBack(
  returnUrl: string,
  name: "payment_intent" | "setup_intent",
  intent: { id: string; client_secret: string | null },
  passed: boolean,
): string {
  const url = new URL(returnUrl);
  url.searchParams.set(name, intent.id);
  url.searchParams.set(`${name}_client_secret`, intent.client_secret ?? "");
  url.searchParams.set("redirect_status", passed ? "succeeded" : "failed");
  return url.href;
}

function overPage() {
  return messagePage({ title: "Nothing to confirm", text: "This payment does not wait for the bank (any more)." });
}

function answeredPage() {
  return messagePage({ title: "Thank you", text: "Your bank has your answer. You can close this page." });
}
