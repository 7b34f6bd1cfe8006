"use client";

import { useActionState } from "react";
import { chooseDefaultCardAction, removeCardAction } from "../actions";

/** What can be done with a kept card. Plain forms: they work without JavaScript. */
export function CardForms({ cardId, name, canBeDefault }: { cardId: string; name: string; canBeDefault: boolean }) {
  const [chosen, choose, choosing] = useActionState(chooseDefaultCardAction, null);
  const [removed, remove, removing] = useActionState(removeCardAction, null);
  const refusal = [chosen, removed].find((result) => result?.ok === false);
  return (
    <div className="text-sm">
      <div className="flex flex-wrap gap-x-4">
        {canBeDefault && (
          <form action={choose}>
            <input type="hidden" name="cardId" value={cardId} />
            <button
              type="submit"
              disabled={choosing}
              aria-label={`Use ${name} first`}
              className="link min-h-8 cursor-pointer"
            >
              Use first
            </button>
          </form>
        )}
        <form action={remove}>
          <input type="hidden" name="cardId" value={cardId} />
          <button
            type="submit"
            disabled={removing}
            aria-label={`Remove ${name}`}
            className="link min-h-8 cursor-pointer"
          >
            {removing ? "Removing…" : "Remove"}
          </button>
        </form>
      </div>
      {refusal?.ok === false && (
        <p role="alert" className="mt-1 text-alarm">
          {refusal.message}
        </p>
      )}
    </div>
  );
}
