"use client";

import { useActionState } from "react";
import type { ReturnView } from "@/lib/orders/get-order-for-staff";
import { receiveReturnAction, rejectReturnAction } from "../../actions";
import { Refusal } from "./action-panel";
import { PiecesField } from "./pieces-field";

/** What arrived of a return, and what of that can be sold again; or that nothing will arrive. */
export function ReceiveReturnForm({ orderId, expected }: { orderId: string; expected: ReturnView }) {
  const [received, receive, receiving] = useActionState(receiveReturnAction, null);
  const [rejected, reject, rejecting] = useActionState(rejectReturnAction, null);
  const values = received?.ok === false ? received.values : {};
  const refusal = [received, rejected].find((result) => result?.ok === false);
  const ids = (
    <>
      <input type="hidden" name="orderId" value={orderId} />
      <input type="hidden" name="returnId" value={expected.id} />
    </>
  );
  return (
    <div className="space-y-3 text-sm">
      <Refusal message={refusal?.ok === false ? refusal.message : undefined} />
      <form action={receive} className="space-y-3">
        {ids}
        {expected.lines.map(({ orderLineId, title, quantity }) => (
          <fieldset key={orderLineId} className="max-w-sm space-y-1">
            <legend className="font-medium">{title}</legend>
            <PiecesField
              name={`received.${orderLineId}`}
              label="Arrived"
              max={quantity}
              defaultValue={values[`received.${orderLineId}`] ?? quantity}
            />
            <PiecesField
              name={`restocked.${orderLineId}`}
              label="Go back on the shelf"
              max={quantity}
              defaultValue={values[`restocked.${orderLineId}`] ?? quantity}
            />
          </fieldset>
        ))}
        <p className="text-soft">What arrived is refunded, as far as it has not been.</p>
        <button type="submit" disabled={receiving} className="button button-small">
          Take it in
        </button>
      </form>
      <form action={reject}>
        {ids}
        <button type="submit" disabled={rejecting} className="link cursor-pointer">
          Call the return off
        </button>
      </form>
    </div>
  );
}
