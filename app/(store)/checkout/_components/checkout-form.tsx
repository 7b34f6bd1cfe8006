"use client";

import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { placeOrderAction } from "../actions";

const half = "sm:col-span-1";

/** Who buys, and where the parcel goes. Paying happens on Stripe's page, so there is no card field here. */
export function CheckoutForm({ total, countries }: { total: string; countries: { code: string; name: string }[] }) {
  const [result, submit, pending] = useActionState(placeOrderAction, null);
  const failure = result?.ok === false ? result : undefined;
  const field = (name: string) => ({ name, defaultValue: failure?.values[name], error: failure?.fieldErrors[name] });
  const countryError = failure?.fieldErrors.country;

  return (
    <form action={submit} noValidate className="space-y-8">
      <fieldset>
        <legend className="mb-3 text-lg font-semibold">Contact</legend>
        <Field
          label="E-mail"
          type="email"
          autoComplete="email"
          required
          hint="For the confirmation and news about this order, nothing else."
          {...field("email")}
        />
      </fieldset>
      <fieldset>
        <legend className="mb-3 text-lg font-semibold">Ship to</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" autoComplete="name" required className="sm:col-span-2" {...field("name")} />
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
              {countries.map(({ code, name }) => (
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
      <div className="space-y-4">
        {failure && <Notice tone="stopped">{failure.message}</Notice>}
        <button type="submit" disabled={pending} className="button button-primary w-full">
          {pending ? "Placing your order…" : `Pay ${total}`}
        </button>
        <p className="text-sm text-soft">
          You pay on Stripe’s page; we never see your card. Your items are set aside for you while you pay.
        </p>
      </div>
    </form>
  );
}
