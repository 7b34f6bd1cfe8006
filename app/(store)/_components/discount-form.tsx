"use client";

import { useActionState } from "react";
import { applyDiscountAction, removeDiscountAction } from "../cart/actions";

/** The discount code of the cart. Plain forms: they work without JavaScript. */
export function DiscountForm({ discount }: { discount: { code: string; problem: string | null } | null }) {
  const [applied, apply, applying] = useActionState(applyDiscountAction, null);
  const [, remove, removing] = useActionState(removeDiscountAction, null);
  const refusal = applied?.ok === false ? applied : undefined;

  if (discount)
    return (
      <form action={remove} className="px-4 py-3 text-sm">
        <div className="flex items-center justify-between gap-4">
          <span>
            Discount code <span className="figure break-all">{discount.code}</span>
          </span>
          <button
            type="submit"
            disabled={removing}
            aria-label={`Remove discount code ${discount.code}`}
            className="link min-h-8 cursor-pointer"
          >
            Remove
          </button>
        </div>
        {discount.problem && (
          <p role="alert" className="mt-1 text-alarm">
            {discount.problem}
          </p>
        )}
      </form>
    );
  return (
    <form action={apply} noValidate className="px-4 py-3 text-sm">
      <label htmlFor="discount-code" className="mb-1 block font-medium">
        Discount code
      </label>
      <div className="flex gap-2">
        <input
          id="discount-code"
          name="code"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          defaultValue={refusal?.values.code}
          aria-invalid={refusal ? true : undefined}
          aria-describedby={refusal ? "discount-code-note" : undefined}
          className="field field-small figure min-w-0 flex-1"
        />
        <button type="submit" disabled={applying} className="button button-small">
          Apply
        </button>
      </div>
      {refusal && (
        <p id="discount-code-note" role="alert" className="mt-1 text-alarm">
          {refusal.message}
        </p>
      )}
    </form>
  );
}
