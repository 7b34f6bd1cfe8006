"use client";

import { useActionState } from "react";
import type { ReturnableLine } from "@/lib/orders/read-returnable";
import { requestReturnAction } from "../../actions";
import { Refusal } from "./action-panel";
import { PiecesField } from "./pieces-field";

/** Notes which pieces are to come back. Money and stock move when they arrive. */
export function ReturnForm({ orderId, lines }: { orderId: string; lines: readonly ReturnableLine[] }) {
  const [result, note, pending] = useActionState(requestReturnAction, null);
  const values = result?.ok === false ? result.values : {};
  return (
    <form action={note} className="space-y-3">
      <Refusal message={result?.ok === false ? result.message : undefined} />
      <input type="hidden" name="orderId" value={orderId} />
      <fieldset className="space-y-2">
        <legend className="mb-1">What comes back</legend>
        {lines
          .filter(({ pieces }) => pieces > 0)
          .map(({ orderLineId, title, pieces }) => (
            <PiecesField
              key={orderLineId}
              name={`pieces.${orderLineId}`}
              label={title}
              max={pieces}
              defaultValue={values[`pieces.${orderLineId}`] ?? 0}
            />
          ))}
      </fieldset>
      <label className="block">
        Why
        <input name="reason" required maxLength={500} defaultValue={values.reason} className="field field-small mt-1" />
      </label>
      <p className="text-soft">The money goes back when the goods have arrived.</p>
      <button type="submit" disabled={pending} className="button button-small">
        Note the return
      </button>
    </form>
  );
}
