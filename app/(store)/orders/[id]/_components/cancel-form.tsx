"use client";

import { useActionState } from "react";
import { Notice } from "@/components/notice";
import { cancelOwnOrderAction } from "../actions";

type Props = { orderId: string; token: string; left: string; isOffered: boolean };

/**
 * Lets the shopper call a paid order off. A form without JavaScript, too. Where the order had moved on by then it is not
 * offered any more, and says so.
 */
export function CancelForm({ orderId, token, left, isOffered }: Props) {
  const [result, cancel, cancelling] = useActionState(cancelOwnOrderAction, null);
  return (
    <>
      {result?.ok === false && (
        <div className="mt-5 max-w-prose text-sm">
          <Notice tone="stopped">{result.message}</Notice>
        </div>
      )}
      {isOffered && (
        <details className="mt-5 max-w-prose border border-line-strong text-sm">
          <summary className="cursor-pointer px-3 py-2 font-semibold">Cancel this order…</summary>
          <form action={cancel} className="space-y-3 border-t border-line p-3">
            <input type="hidden" name="orderId" value={orderId} />
            <input type="hidden" name="token" value={token} />
            <p>
              You get {left} back on the card you paid with. This can be done until your parcel is packed, and not be
              taken back.
            </p>
            <button type="submit" disabled={cancelling} className="button button-small">
              {cancelling ? "Cancelling…" : "Cancel the order"}
            </button>
          </form>
        </details>
      )}
    </>
  );
}
