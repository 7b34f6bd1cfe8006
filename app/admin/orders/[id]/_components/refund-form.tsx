"use client";

import { useActionState } from "react";
import { format, toDecimal } from "@/lib/money/money";
import type { Refundable } from "@/lib/orders/plan-refund";
import { refundOrderAction } from "../../actions";
import { Refusal } from "./action-panel";
import { PiecesField } from "./pieces-field";

const reasons = {
  requested_by_customer: "The shopper asked for it",
  duplicate: "It was charged twice",
  fraudulent: "The payment was fraudulent",
  other: "Another reason",
};

/** Gives money back: all that is left, pieces of lines, or an amount. */
export function RefundForm({ orderId, left }: { orderId: string; left: Refundable }) {
  const [result, refund, pending] = useActionState(refundOrderAction, null);
  const values = result?.ok === false ? result.values : {};
  const kind = values.kind ?? "rest";
  const lines = left.lines.filter(({ pieces }) => pieces > 0);
  return (
    <form action={refund} className="space-y-3">
      <Refusal message={result?.ok === false ? result.message : undefined} />
      {result?.ok && <p role="status">It is promised, and on its way to Stripe.</p>}
      <input type="hidden" name="orderId" value={orderId} />
      <input type="hidden" name="currency" value={left.amount.currency} />
      <fieldset key={kind} className="space-y-2">
        <legend className="sr-only">What to give back</legend>
        <Choice kind="rest" chosen={kind} label={`All that is left: ${format(left.amount)}`} />
        {lines.length > 0 && (
          <Choice kind="pieces" chosen={kind} label="Pieces, at what was paid for them">
            {lines.map(({ orderLineId, title, pieces }) => (
              <PiecesField
                key={orderLineId}
                name={`pieces.${orderLineId}`}
                label={title}
                max={pieces}
                defaultValue={values[`pieces.${orderLineId}`] ?? 0}
              />
            ))}
            {left.shipping.amount > 0 && (
              <label className="flex items-center gap-2">
                <input type="checkbox" name="withShipping" defaultChecked={values.withShipping !== undefined} />
                Shipping: {format(left.shipping)}
              </label>
            )}
          </Choice>
        )}
        <Choice kind="amount" chosen={kind} label="An amount">
          <label className="flex items-center justify-between gap-3">
            {left.amount.currency}, at most {toDecimal(left.amount)}
            <input
              name="amount"
              inputMode="decimal"
              autoComplete="off"
              defaultValue={values.amount}
              className="field field-small figure !w-28"
            />
          </label>
        </Choice>
      </fieldset>
      <label className="block">
        Why
        <select
          key={values.reason}
          name="reason"
          defaultValue={values.reason ?? "requested_by_customer"}
          className="field field-small mt-1"
        >
          {Object.entries(reasons).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label className="block">
        Note for staff (optional)
        <input name="note" maxLength={500} defaultValue={values.note} className="field field-small mt-1" />
      </label>
      <button type="submit" disabled={pending} className="button button-small">
        Give the money back
      </button>
    </form>
  );
}

/** One way to refund; what belongs to it shows once it is chosen, by style alone. */
function Choice({
  kind,
  chosen,
  label,
  children,
}: {
  kind: string;
  chosen: string;
  label: string;
  children?: React.ReactNode;
}) {
  return (
    <div className="group/choice">
      <label className="flex items-center gap-2">
        <input type="radio" name="kind" value={kind} defaultChecked={kind === chosen} />
        {label}
      </label>
      {children && (
        <div className="mt-2 ml-5 hidden space-y-2 group-has-[[type=radio]:checked]/choice:block">{children}</div>
      )}
    </div>
  );
}
