"use client";

import { useActionState } from "react";
import { cancelOrderAction, markShippedAction } from "../../actions";

/** What staff can do to an order as it stands. Forms without JavaScript, too. */
export function OrderActions({ orderId, can }: { orderId: string; can: { cancel: boolean; ship: boolean } }) {
  const [shipped, ship, shipping] = useActionState(markShippedAction, null);
  const [cancelled, cancel, cancelling] = useActionState(cancelOrderAction, null);
  const refusal = [shipped, cancelled].find((result) => result?.ok === false);
  return (
    <div className="flex flex-wrap items-start gap-2">
      {refusal?.ok === false && (
        <p role="alert" className="max-w-sm text-sm text-alarm">
          {refusal.message}
        </p>
      )}
      {can.ship && (
        <form action={ship}>
          <input type="hidden" name="orderId" value={orderId} />
          <button type="submit" disabled={shipping} className="button button-primary button-small">
            Mark as shipped
          </button>
        </form>
      )}
      {can.cancel && (
        <details className="border border-line-strong text-sm">
          <summary className="cursor-pointer px-3 py-1.5 font-semibold">Cancel order…</summary>
          <form action={cancel} className="w-72 space-y-2 border-t border-line p-3">
            <input type="hidden" name="orderId" value={orderId} />
            <label className="block">
              What the shopper is told (optional)
              <textarea name="reason" rows={2} maxLength={500} className="field mt-1 text-sm" />
            </label>
            <button type="submit" disabled={cancelling} className="button button-small">
              Cancel this order
            </button>
          </form>
        </details>
      )}
    </div>
  );
}
