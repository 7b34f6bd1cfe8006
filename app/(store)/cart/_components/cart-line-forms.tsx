"use client";

import { useActionState } from "react";
import { removeCartLineAction, setCartLineAction } from "../actions";

/** Changes how many of an item are in the cart, or takes it out. Two plain forms: they work without JavaScript. */
export function CartLineForms({ variantId, name, quantity }: { variantId: string; name: string; quantity: number }) {
  const [changed, change, changing] = useActionState(setCartLineAction, null);
  const [removed, remove, removing] = useActionState(removeCartLineAction, null);
  const refusal = [changed, removed].find((result) => result?.ok === false);
  const typed = changed?.ok === false ? changed.values.quantity : undefined;
  const errorId = `${variantId}-error`;

  return (
    <div className="mt-3">
      <div className="flex flex-wrap items-center gap-2">
        <form action={change} noValidate className="flex items-center gap-2">
          <input type="hidden" name="variantId" value={variantId} />
          <input
            key={quantity}
            name="quantity"
            type="number"
            min={1}
            max={999}
            inputMode="numeric"
            aria-label={`Quantity of ${name}`}
            aria-invalid={changed?.ok === false ? true : undefined}
            aria-describedby={refusal ? errorId : undefined}
            defaultValue={typed ?? quantity}
            className="field field-small figure !w-20"
          />
          <button type="submit" disabled={changing} className="button button-small">
            Update
          </button>
        </form>
        <form action={remove}>
          <input type="hidden" name="variantId" value={variantId} />
          <button
            type="submit"
            disabled={removing}
            aria-label={`Remove ${name}`}
            className="link min-h-8 cursor-pointer px-2 text-sm"
          >
            Remove
          </button>
        </form>
      </div>
      {refusal?.ok === false && (
        <p id={errorId} role="alert" className="mt-2 text-sm text-alarm">
          {refusal.message}
        </p>
      )}
    </div>
  );
}
