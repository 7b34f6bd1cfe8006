"use client";

import { type ReactNode, useActionState, useEffect, useMemo, useRef, useState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { OrderTotals } from "@/components/order-totals";
import type { SavedCardView } from "@/lib/cards/list-cards";
import type { Destination, QuotedWay } from "@/lib/orders/quote-order";
import type { TotalRows } from "@/lib/orders/total-rows";
import { placeOrderAction } from "../actions";
import { PaymentChoice } from "./payment-choice";

const half = "sm:col-span-1";

/**
 * Who buys, where the parcel goes and how, beside what it costs. Paying happens on Stripe's page, so there is no card
 * field here. Before JavaScript, sending the form asks how to ship wherever there is a choice.
 */
export function CheckoutForm({
  countries,
  destinations,
  totals,
  discountCode,
  shopper,
  cards,
  summary,
}: {
  countries: { country: string; name: string }[];
  /** `Destination[]` as JSON: React would walk through each of its many values, here and in the browser. */
  destinations: string;
  /** As long as no country is chosen. */
  totals: TotalRows;
  discountCode: string | undefined;
  /** Who is signed in; null for a guest. */
  shopper: { name: string; email: string } | null;
  /** Those that can be paid with, the one to offer first before the others. */
  cards: SavedCardView[];
  summary: ReactNode;
}) {
  const [result, submit, pending] = useActionState(placeOrderAction, null);
  const failure = result?.ok === false ? result : undefined;
  const [country, setCountry] = useState(failure?.values.country ?? "");
  const [wayId, setWayId] = useState(failure?.values.shipping?.split(".")[0]);
  const [cardId, setCardId] = useState(failure?.values.payWith ?? cards[0]?.id ?? "");
  const countryField = useRef<HTMLSelectElement>(null);
  // What was chosen before this code had loaded, or is filled in again by the browser.
  useEffect(() => setCountry(countryField.current?.value ?? ""), []);
  const field = (name: string, known?: string) => ({
    name,
    defaultValue: failure ? failure.values[name] : known,
    error: failure?.fieldErrors[name],
  });
  const card = cards.find(({ id }) => id === cardId);
  const countryError = failure?.fieldErrors.country;
  const quoted = useMemo((): Destination[] => JSON.parse(destinations), [destinations]);
  const ways = quoted.find(({ countries }) => countries.includes(country))?.ways ?? [];
  const chosen = ways.find(({ id }) => id === wayId) ?? ways[0];

  return (
    <div className="grid items-start gap-8 lg:grid-cols-[1fr_20rem] lg:gap-12">
      <form action={submit} noValidate className="space-y-8">
        <fieldset>
          <legend className="mb-3 text-lg font-semibold">Contact</legend>
          <Field
            label="E-mail"
            type="email"
            autoComplete="email"
            required
            hint="For the confirmation and news about this order, nothing else."
            {...field("email", shopper?.email)}
          />
        </fieldset>
        <fieldset>
          <legend className="mb-3 text-lg font-semibold">Ship to</legend>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Name"
              autoComplete="name"
              required
              className="sm:col-span-2"
              {...field("name", shopper?.name)}
            />
            <Field
              label="Street and number"
              autoComplete="address-line1"
              required
              className="sm:col-span-2"
              {...field("line1")}
            />
            <Field
              label="Apartment, floor (optional)"
              autoComplete="address-line2"
              className="sm:col-span-2"
              {...field("line2")}
            />
            <Field label="Postal code" autoComplete="postal-code" required className={half} {...field("postalCode")} />
            <Field label="City" autoComplete="address-level2" required className={half} {...field("city")} />
            <div className="sm:col-span-2">
              <label htmlFor="country" className="mb-1 block text-sm font-medium">
                Country
              </label>
              <select
                key={failure?.values.country}
                ref={countryField}
                onChange={({ target }) => setCountry(target.value)}
                id="country"
                name="country"
                autoComplete="country"
                required
                defaultValue={failure?.values.country ?? ""}
                aria-invalid={countryError ? true : undefined}
                aria-describedby={countryError ? "country-note" : undefined}
                className="field"
              >
                <option value="">Choose a country</option>
                {countries.map(({ country: code, name }) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </select>
              {countryError && (
                <p id="country-note" className="mt-1 text-sm text-alarm">
                  {countryError}
                </p>
              )}
            </div>
          </div>
        </fieldset>
        {discountCode && <input type="hidden" name="discountCode" value={discountCode} />}
        {ways.length > 0 && <ShippingWays ways={ways} chosen={chosen} choose={setWayId} />}
        <PaymentChoice
          cards={cards}
          chosenId={card ? cardId : ""}
          choose={setCardId}
          keepCard={failure?.values.keepCard !== undefined}
          isSignedIn={shopper !== null}
        />
        <div className="space-y-4">
          {failure && <Notice tone="stopped">{failure.message}</Notice>}
          <button type="submit" disabled={pending} className="button button-primary w-full">
            {pending ? "Placing your order…" : ["Pay", chosen?.totals.total.value].filter(Boolean).join(" ")}
          </button>
          <p className="text-sm text-soft">
            {card
              ? `Your ${card.name} is charged once your items are secured. If your bank wants to ask you first, we tell you.`
              : "You pay on Stripe’s page; we never see your card. Your items are set aside for you while you pay."}
          </p>
        </div>
      </form>
      <section aria-label="Your order" className="border border-line-strong lg:order-last">
        {summary}
        <div aria-live="polite">
          <OrderTotals totals={chosen?.totals ?? totals} />
        </div>
      </section>
    </div>
  );
}

/** Each way is sent with the total that was shown for it. */
function ShippingWays({
  ways,
  chosen,
  choose,
}: {
  ways: QuotedWay[];
  chosen: QuotedWay | undefined;
  choose: (id: string) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-3 text-lg font-semibold">Shipping</legend>
      <div className="border border-line-strong">
        {ways.map((way) => (
          <label key={way.id} className="flex min-h-11 items-center gap-3 border-b border-line px-3 last:border-b-0">
            <input
              type="radio"
              name="shipping"
              value={way.choice}
              defaultChecked={way === chosen}
              onChange={() => choose(way.id)}
              className="accent-signal"
            />
            <span className="flex-1">{way.name}</span>
            <span className="figure">{way.cost}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
