import type { Context } from "hono";
import type Stripe from "stripe";
import type { App } from "../api";
import { isAmex } from "../cards";
import { type CardFields, emptyFields, fieldsFrom, readCardForm } from "../checkout/card-form";
import { type PayResult, paySession } from "../checkout/pay-session";
import { clockNow } from "../clock";
import { idOf } from "../ids";
import { checkoutPage } from "../pages/checkout-page";
import { messagePage } from "../pages/message-page";
import { sweep } from "../sweep";
import { change, type World } from "../world";

/** The checkout page of a session. Plain form posts: a success is answered by 303, anything else by the page again. */
export function serveHostedCheckout(app: App, world: World): void {
  app.get("/c/pay/:id", (http) => {
    const session = openSession(world, http.req.param("id"));
    if (session?.status !== "open") return closedPage(http, session);
    const fields = { ...emptyFields, email: session.customer_details?.email ?? "" };
    return http.html(checkoutPage({ store: world.store, session, fields, alert: lastFailure(world, session) }));
  });

  /** Where the challenge leads back to. */
  app.get("/c/pay/:id/return", (http) => {
    const session = openSession(world, http.req.param("id"));
    if (session?.status === "complete") return http.redirect(successUrl(session), 303);
    return http.redirect(`/c/pay/${http.req.param("id")}`, 303);
  });

  app.post("/c/pay/:id", async (http) => {
    const form = await http.req.parseBody();
    const session = openSession(world, http.req.param("id"));
    if (!session) return closedPage(http, session);
    const fields = { ...fieldsFrom(form), ...(session.customer_email ? { email: session.customer_email } : {}) };
    if (typeof form.fill === "string" && session.status === "open") {
      return http.html(checkoutPage({ store: world.store, session, fields: filledIn(fields, form.fill) }));
    }
    const read = readCardForm(fields, clockNow(world.store));
    if ("errors" in read && session.status === "open") {
      return http.html(checkoutPage({ store: world.store, session, fields, errors: read.errors }), 422);
    }
    if ("errors" in read) return follow(http, world, fields, alreadyOver(session));
    return follow(
      http,
      world,
      fields,
      change(world, (call) => paySession(call, session, read.entry)),
    );
  });
}

/** The session as it is now: one whose time is over has expired, even if nobody looked until now. */
function openSession(world: World, id: string): Stripe.Checkout.Session | undefined {
  sweep(world);
  return world.store.sessions.get(id);
}

function alreadyOver(session: Stripe.Checkout.Session): PayResult {
  return { outcome: session.status === "complete" ? "complete" : "closed", session };
}

function follow(http: Context, world: World, fields: CardFields, result: PayResult) {
  switch (result.outcome) {
    case "complete":
      return http.redirect(successUrl(result.session), 303);
    case "challenge":
      return http.redirect(`/c/challenge/${result.intent.id}`, 303);
    case "declined":
      return http.html(
        checkoutPage({
          store: world.store,
          session: result.session,
          fields: { ...fields, cvc: "" },
          alert: result.message,
        }),
        402,
      );
    case "closed":
      return closedPage(http, result.session);
  }
}

/** https://docs.stripe.com/payments/checkout/custom-success-page: the placeholder becomes the session's id. */
function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? "/").replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

function closedPage(http: Context, session: Stripe.Checkout.Session | undefined) {
  if (session?.status === "complete") {
    return http.html(
      messagePage({
        title: "You're all done here",
        text: "This payment was made already. It was not charged again.",
        link: { href: successUrl(session), label: "Continue to the store" },
      }),
    );
  }
  if (session?.status === "expired") {
    const link = session.cancel_url ? { href: session.cancel_url, label: "Back to the store" } : null;
    return http.html(
      messagePage({
        title: "This checkout has expired",
        text: "Nothing was charged. Start again from the store.",
        link,
      }),
      410,
    );
  }
  return http.html(
    messagePage({ title: "Nothing here", text: "This page does not exist, or what it was for is over." }),
    404,
  );
}

function lastFailure(world: World, session: Stripe.Checkout.Session): string | null {
  const intent = world.store.paymentIntents.get(idOf(session.payment_intent) ?? "");
  return intent?.last_payment_error?.message ?? null;
}

function filledIn(fields: CardFields, number: string): CardFields {
  return {
    ...fields,
    number: number.replaceAll(/(.{4})(?=.)/g, "$1 "),
    expiry: "12 / 34",
    cvc: isAmex(number) ? "1234" : "123",
    name: fields.name || "Ada Lovelace",
    email: fields.email || "ada@example.com",
  };
}
