import { html } from "hono/html";
import type Stripe from "stripe";
import { testCards } from "../cards";
import type { CardFields, FieldErrors } from "../checkout/card-form";
import { idOf } from "../ids";
import type { Store } from "../store";
import { countryCodes } from "./country-codes";
import { formatAmount, layout } from "./layout";

type PageInput = {
  store: Store;
  session: Stripe.Checkout.Session;
  fields: CardFields;
  errors?: FieldErrors;
  /** Why the last try failed. */
  alert?: string | null;
};

/** The hosted checkout: the order on one side, the card on the other, test cards below. One form, no JavaScript. */
export function checkoutPage({ store, session, fields, errors = {}, alert = null }: PageInput) {
  const currency = session.currency ?? "";
  const total = formatAmount(session.amount_total ?? 0, currency);
  return layout({
    title: `Pay ${total}`,
    body: html`<main class="checkout">
      <section aria-label="Your order">
        ${session.cancel_url ? html`<a class="back" href="${session.cancel_url}">← Back to the store</a>` : ""}
        <h1>Amount due</h1>
        <p class="total">${total}</p>
        ${orderLines(store, session)}
      </section>
      <section class="panel" aria-label="Payment">
        ${alert ? html`<p class="alert" role="alert">${alert}</p>` : ""}
        <form method="post" action="/c/pay/${session.id}" novalidate>
          ${
            session.customer_email
              ? html`<p><span class="soft">Email</span> ${session.customer_email}</p>`
              : field({ name: "email", label: "Email", type: "email", autocomplete: "email", fields, errors })
          }
          ${shippingChoice(store, session, fields)}
          ${field({ name: "number", label: "Card number", inputmode: "numeric", autocomplete: "cc-number", placeholder: "1234 1234 1234 1234", fields, errors })}
          <div class="pair">
            ${field({ name: "expiry", label: "Expiry", inputmode: "numeric", autocomplete: "cc-exp", placeholder: "MM / YY", fields, errors })}
            ${field({ name: "cvc", label: "CVC", inputmode: "numeric", autocomplete: "cc-csc", placeholder: "123", fields, errors })}
          </div>
          ${field({ name: "name", label: "Name on card", autocomplete: "cc-name", fields, errors })}
          <div>
            <label for="country">Country</label>
            <select id="country" name="country" autocomplete="country">
              ${countryCodes().map(({ code, name }) => html`<option value="${code}" ${code === fields.country ? "selected" : ""}>${name}</option>`)}
            </select>
            ${errorText("country", errors)}
          </div>
          ${
            store.sessionPlans.get(session.id)?.paymentIntentData.setup_future_usage
              ? html`<p class="soft">By paying you let the store keep this card and charge it for later orders.</p>`
              : ""
          }
          <button class="pay" type="submit">Pay ${total}</button>
          <section class="test-cards" aria-label="Test cards">
            <h2>Test cards</h2>
            <p class="soft">Choose one to fill it in. Any future expiry and any CVC will do.</p>
            <div class="cards">
              ${testCards.map(
                (card) =>
                  html`<button type="submit" name="fill" value="${card.number}">${card.title}<code>${grouped(card.number)}</code></button>`,
              )}
            </div>
          </section>
        </form>
      </section>
    </main>`,
  });
}

function orderLines(store: Store, session: Stripe.Checkout.Session) {
  const currency = session.currency ?? "";
  const lines = store.sessionPlans.get(session.id)?.lineItems ?? [];
  const shippingRate = store.shippingRates.get(idOf(session.shipping_cost?.shipping_rate) ?? "");
  return html`<ul class="lines">
      ${lines.map(
        (line) =>
          html`<li>
            <span>${line.description}<small>Quantity ${line.quantity}</small></span>
            <span>${formatAmount(line.amount_total, currency)}</span>
          </li>`,
      )}
    </ul>
    <dl class="sums">
      <div><dt>Subtotal</dt><dd>${formatAmount(session.amount_subtotal ?? 0, currency)}</dd></div>
      ${
        session.shipping_cost
          ? html`<div><dt>${shippingRate?.display_name ?? "Shipping"}</dt><dd>${formatAmount(session.shipping_cost.amount_total, currency)}</dd></div>`
          : ""
      }
      <div class="due"><dt>Total due</dt><dd>${formatAmount(session.amount_total ?? 0, currency)}</dd></div>
    </dl>`;
}

/** With one shipping option there is nothing to choose. The total follows the choice when the form is sent. */
function shippingChoice(store: Store, session: Stripe.Checkout.Session, fields: CardFields) {
  if (session.shipping_options.length < 2) return "";
  const chosen = fields.shippingRate || idOf(session.shipping_cost?.shipping_rate);
  return html`<fieldset>
    <legend>Shipping</legend>
    ${session.shipping_options.map((option) => {
      const id = idOf(option.shipping_rate) ?? "";
      return html`<label>
        <input type="radio" name="shippingRate" value="${id}" ${id === chosen ? "checked" : ""} />
        <span>${store.shippingRates.get(id)?.display_name ?? id}</span>
        <span>${formatAmount(option.shipping_amount, session.currency ?? "")}</span>
      </label>`;
    })}
  </fieldset>`;
}

type FieldInput = {
  name: "email" | "number" | "expiry" | "cvc" | "name";
  label: string;
  type?: string;
  inputmode?: string;
  autocomplete: string;
  placeholder?: string;
  fields: CardFields;
  errors: FieldErrors;
};

function field({
  name,
  label,
  type = "text",
  inputmode = "text",
  autocomplete,
  placeholder = "",
  fields,
  errors,
}: FieldInput) {
  return html`<div>
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      inputmode="${inputmode}"
      autocomplete="${autocomplete}"
      placeholder="${placeholder}"
      value="${fields[name]}"
      ${errors[name] ? html`aria-invalid="true" aria-describedby="${name}-error"` : ""}
    />
    ${errorText(name, errors)}
  </div>`;
}

function errorText(name: keyof CardFields, errors: FieldErrors) {
  return errors[name] ? html`<p class="error" id="${name}-error">${errors[name]}</p>` : "";
}

function grouped(number: string): string {
  return number.replaceAll(/(.{4})(?=.)/g, "$1 ");
}
