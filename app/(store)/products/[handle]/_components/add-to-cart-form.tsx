"use client";

import Link from "next/link";
import { useActionState } from "react";
import { addToCartAction } from "@/app/(store)/cart/actions";
import { Notice } from "@/components/notice";
import { routes } from "@/lib/routes";

type Choice = { id: string; title: string; sku: string | null; price: string; stock: string; soldOut: boolean };

/** Chooses a variant and puts it into the cart. A plain form: it works before any JavaScript has loaded. */
export function AddToCartForm({ legend, choices }: { legend: string; choices: Choice[] }) {
  const [result, submit, pending] = useActionState(addToCartAction, null);
  const typed = result && !result.ok ? result.values : {};
  const allSoldOut = choices.every(({ soldOut }) => soldOut);
  const chosenId = typed.variantId ?? choices.find(({ soldOut }) => !soldOut)?.id;
  const only = choices.length === 1 ? choices[0] : undefined;

  return (
    <form action={submit} noValidate className="space-y-4">
      {only ? (
        <p className="text-sm">
          <input type="hidden" name="variantId" value={only.id} />
          {only.stock}
        </p>
      ) : (
        <Choices legend={legend} choices={choices} chosenId={chosenId} />
      )}
      <div className="flex items-end gap-3">
        <div className="w-24">
          <label htmlFor="quantity" className="mb-1 block text-sm font-medium">
            Quantity
          </label>
          <input
            id="quantity"
            name="quantity"
            type="number"
            min={1}
            max={999}
            step={1}
            inputMode="numeric"
            defaultValue={typed.quantity ?? "1"}
            disabled={allSoldOut}
            aria-invalid={result?.ok === false && result.fieldErrors.quantity ? true : undefined}
            className="field figure"
          />
        </div>
        <button type="submit" disabled={allSoldOut || pending} className="button button-primary flex-1">
          {allSoldOut ? "Sold out" : pending ? "Adding…" : "Add to cart"}
        </button>
      </div>
      {result &&
        (result.ok ? (
          <Notice tone="good">
            Added to your cart.{" "}
            <Link href={routes.cart()} className="link font-semibold">
              Go to the cart
            </Link>
          </Notice>
        ) : (
          <Notice tone="stopped">{result.message}</Notice>
        ))}
    </form>
  );
}

function Choices({ legend, choices, chosenId }: { legend: string; choices: Choice[]; chosenId: string | undefined }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{legend || "Variant"}</legend>
      <div className="sheet max-h-96 overflow-y-auto">
        {choices.map((choice) => (
          <label
            key={choice.id}
            className="grid cursor-pointer grid-cols-[auto_1fr_auto] items-center gap-x-3 px-3 py-2 has-checked:bg-plate has-checked:shadow-[inset_3px_0_0_var(--signal)] has-disabled:cursor-not-allowed has-disabled:text-soft"
          >
            <input
              type="radio"
              name="variantId"
              value={choice.id}
              defaultChecked={choice.id === chosenId}
              disabled={choice.soldOut}
              className="accent-signal"
            />
            <span>
              <span className="font-medium">{choice.title}</span>
              <span className="block text-sm text-soft">{choice.stock}</span>
            </span>
            <span className="text-right">
              <span className="figure">{choice.price}</span>
              {choice.sku && <span className="label block">{choice.sku}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
